/** Every decision that touched the unit, with its paper. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Group, Stack, Text, Timeline } from "@mantine/core";
import { api, byCode, type Schemas } from "@/api/client";
import { byCursor } from "@/api/pages";
import { useUnitKindName } from "@/components/names";
import { PagedList } from "@/components/paged";
import { UnitLink } from "@/components/unit-link";
import { formatDay } from "@/lib/format";

export function UnitHistory({ code }: { code: string }) {
  const params = { path: { unit: byCode(code) } };
  const pages = api.useInfiniteQuery("get", "/api/v1/units/{unit}/history", { params }, byCursor);
  return (
    <PagedList pages={pages} count={4} height={72}>
      {(entries) => (
        <Timeline active={entries.length} bulletSize={16} lineWidth={2}>
          {entries.map((entry, at) => (
            <Timeline.Item key={`${entry.reorganisation_id}`}>
              <Entry entry={entry} before={entries[at - 1]?.after ?? null} />
            </Timeline.Item>
          ))}
        </Timeline>
      )}
    </PagedList>
  );
}

type State = Schemas["UnitState"];

function Entry({ entry, before }: { entry: Schemas["HistoryEntry"]; before: State | null }) {
  const { t } = useLingui();
  const paper = entry.document;
  const issued = [paper?.issuer, paper?.date && formatDay(paper.date)].filter(Boolean).join(", ");
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text fw={600}>{dayOf(entry, t`Trước khi có số liệu`)}</Text>
        {entry.state === "planned" && (
          <Badge tt="none" variant="default">
            <Trans>Chưa đến ngày hiệu lực</Trans>
          </Badge>
        )}
      </Group>
      <Changes before={before} after={entry.after} />
      {paper && (
        <Text size="sm" c="dimmed" className="wrap-anywhere">
          {[paper.number, paper.title].filter(Boolean).join(" · ")}
          {issued && ` (${issued})`}
        </Text>
      )}
      {entry.lines.some((line) => line.content.inferred) && (
        <Text size="sm" c="dimmed">
          <Trans>Một phần được suy ra, nguồn không nói rõ.</Trans>
        </Text>
      )}
    </Stack>
  );
}

function dayOf(entry: Schemas["HistoryEntry"], always: string): string {
  const day = entry.effective_on;
  if (!day) return always;
  const [year, month] = day.split("-");
  if (entry.effective_precision === "year") return `${year}`;
  if (entry.effective_precision === "month") return `${month}/${year}`;
  return entry.effective_precision === "by" ? `≤ ${formatDay(day)}` : formatDay(day);
}

function Changes({ before, after }: { before: State | null; after: State | null }) {
  const kindName = useUnitKindName();
  if (!after) return null;
  if (!after.alive) {
    return (
      <Text size="sm">
        <Trans>Kết thúc hoạt động</Trans>
      </Text>
    );
  }
  const isNew = !before?.alive;
  return (
    <>
      {isNew && (
        <Text size="sm">
          {before ? <Trans>Hoạt động trở lại</Trans> : <Trans>Bắt đầu</Trans>}: {after.name}
        </Text>
      )}
      {!isNew && before.name !== after.name && (
        <Text size="sm">
          <Trans>
            Đổi tên từ “{before.name}” thành “{after.name}”
          </Trans>
        </Text>
      )}
      {!isNew && before.kind !== after.kind && (
        <Text size="sm">
          <Trans>
            Đổi loại từ {kindName(before.kind)} thành {kindName(after.kind)}
          </Trans>
        </Text>
      )}
      {after.parent && (isNew || before.parent !== after.parent) && (
        <Text size="sm" component="div">
          <Trans>Trực thuộc</Trans> <UnitLink code={after.parent} />
          {!isNew && before.parent && (
            <>
              , <Trans>trước đó</Trans> <UnitLink code={before.parent} />
            </>
          )}
        </Text>
      )}
    </>
  );
}
