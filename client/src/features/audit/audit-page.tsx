/** What was done, by whom, from where: the newest first. */
import { useLingui } from "@lingui/react/macro";
import { Code, Group, Paper, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { api, byCode, type Schemas } from "@/api/client";
import { byCursor } from "@/api/pages";
import { Page } from "@/components/page";
import { PagedList } from "@/components/paged";
import { UnitPicker } from "@/components/unit-picker";
import { formatInstant } from "@/lib/format";

export default function AuditPage() {
  const { t } = useLingui();
  const [typed, setTyped] = useState({ action: "", actor: "", unit: "" });
  const [asked] = useDebouncedValue(typed, 300);
  const query = {
    action: asked.action.trim() || undefined,
    actor: asked.actor.trim() || undefined,
    unit: asked.unit ? byCode(asked.unit) : undefined,
    limit: 50,
  };
  const pages = api.useInfiniteQuery(
    "get",
    "/api/v1/audit_entries",
    { params: { query } },
    byCursor,
  );
  return (
    <Page title={t`Nhật ký`}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} className="no-print">
        <TextInput
          label={t`Việc đã làm`}
          placeholder="reorganisation.recorded, account."
          value={typed.action}
          onChange={(event) => setTyped({ ...typed, action: event.currentTarget.value })}
        />
        <TextInput
          label={t`Người làm`}
          placeholder="account:12"
          value={typed.actor}
          onChange={(event) => setTyped({ ...typed, actor: event.currentTarget.value })}
        />
        <UnitPicker
          label={t`Đơn vị liên quan`}
          value={typed.unit}
          onChange={(unit) => setTyped({ ...typed, unit })}
        />
      </SimpleGrid>
      <PagedList pages={pages} isFiltered={Boolean(query.action || query.actor || query.unit)}>
        {(items) => (
          <Stack gap="xs">
            {items.map((entry) => (
              <Entry key={entry.position} entry={entry} />
            ))}
          </Stack>
        )}
      </PagedList>
    </Page>
  );
}

function Entry({ entry }: { entry: Schemas["AuditEntry"] }) {
  const { t } = useLingui();
  const names = [
    ...new Set([...Object.keys(entry.before ?? {}), ...Object.keys(entry.after ?? {})]),
  ];
  const value = (side: AuditSide, name: string) =>
    JSON.stringify((side as { [name: string]: unknown } | null)?.[name]) ?? "–";
  const changed = names.filter((name) => value(entry.before, name) !== value(entry.after, name));
  return (
    <Paper withBorder p="sm" className="wrap-anywhere">
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {formatInstant(entry.occurred_at)}
        </Text>
        <Code>{entry.action}</Code>
        <Text size="sm">{entry.actor}</Text>
        {entry.object_id !== null && <Text size="sm">№ {entry.object_id}</Text>}
        {entry.address && (
          <Text size="sm" c="dimmed">
            {entry.address}
          </Text>
        )}
      </Group>
      {changed.length > 0 && (
        <details>
          <summary>
            <Text span size="sm">
              {t`Các trường thay đổi`} ({changed.length})
            </Text>
          </summary>
          {changed.map((name) => (
            <Text key={name} size="xs">
              <b>{name}</b>: {value(entry.before, name)} → {value(entry.after, name)}
            </Text>
          ))}
        </details>
      )}
    </Paper>
  );
}

type AuditSide = Schemas["AuditEntry"]["before"];
