/** One record with all that is told of it, its history and what may be done with it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { lazy, Suspense } from "react";
import { api } from "@/api/client";
import { isSame } from "@/lib/same";
import { Facts } from "../facts";
import { Failure } from "../failure";
import { Show } from "../fields/show";
import { Pending } from "../page";
import { StateBadge } from "../state-badge";
import type { AnyRecord, Kind } from "./kind";
import { RecordActions } from "./record-actions";
import { RecordSteps, RecordVersions } from "./record-history";
import { RecordLine } from "./record-line";
import { useRecord } from "./requests";

const Evidence = lazy(() => import("./evidence"));
const Links = lazy(() => import("./links"));

type Props = {
  kind: Kind;
  id: number;
  /** Hides the buttons where the page around has its own. */
  withActions?: boolean;
};

export default function RecordView({ kind, id, withActions = true }: Props) {
  const query = useRecord(kind, id);
  const { data } = query;
  if (!data) return <Pending query={query} count={6} height={32} />;
  return <View kind={kind} record={data} withActions={withActions} />;
}

type ViewProps = { kind: Kind; record: AnyRecord };

function View({ kind, record, withActions }: ViewProps & { withActions: boolean }) {
  const { t } = useLingui();
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-start" justify="space-between">
        <Title order={2} size="h3" className="wrap-anywhere" flex={1} miw={200}>
          {record.content.title}
        </Title>
        <StateBadge state={record.state} />
      </Group>
      {record.state === "returned" && <ReturnedBecause id={record.id} />}
      <Duplicates id={record.id} />
      {withActions && <RecordActions kind={kind} record={record} />}
      <Tabs defaultValue="content" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="content">{t`Nội dung`}</Tabs.Tab>
          <Tabs.Tab value="steps">{t`Quá trình`}</Tabs.Tab>
          {record.approved_number !== null && (
            <Tabs.Tab value="versions">{t`Các bản đã duyệt`}</Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="content" pt="sm">
          <ContentView kind={kind} record={record} />
          <Suspense>
            <Evidence record={record} />
            <Links record={record} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="steps" pt="sm">
          <RecordSteps kind={kind} record={record} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="sm">
          <RecordVersions kind={kind} record={record} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** What is told in a line stands in a table, longer texts below it; the title stands above already. */
function ContentView({ kind, record }: ViewProps) {
  const { i18n } = useLingui();
  const { content, masked } = record;
  const isMasked = (name: string) => masked.includes(`/${name}`);
  const told = Object.entries(kind.fields).filter(
    ([name, { type }]) =>
      name !== "title" && type !== "qualifier" && (isMasked(name) || !isSame(content[name], null)),
  );
  const lines = told.filter(([, { type }]) => type !== "long_text");
  const texts = told.filter(([, { type }]) => type === "long_text");
  return (
    <>
      <Facts
        facts={lines.map(([name, field]) => [
          i18n._(field.label),
          isMasked(name) ? (
            <Text key={name} span size="sm" c="dimmed">
              <Trans>Bạn không có quyền xem dữ liệu cá nhân</Trans>
            </Text>
          ) : (
            <Show key={name} field={field} value={content[name]} beside={content} withLinks />
          ),
        ])}
      />
      {texts.map(([name, field]) => (
        <div key={name}>
          <Text mt="md" size="sm" c="dimmed" fw={500}>
            {i18n._(field.label)}
          </Text>
          <Text size="sm" component="div" className="wrap-anywhere">
            <Show field={field} value={content[name]} beside={content} />
          </Text>
        </div>
      ))}
    </>
  );
}

/** What likely tells of the same: told to whoever looks, nothing is refused for it. */
function Duplicates({ id }: { id: number }) {
  const { t } = useLingui();
  const { data } = api.useQuery("get", "/api/v1/records/{id}/likely_duplicates", {
    params: { path: { id } },
  });
  if (!data || data.items.length === 0) return null;
  return (
    <Alert color="yellow" title={t`Có thể đã được ghi`}>
      {data.items.map((other) => (
        <RecordLine key={other.id} record={other} />
      ))}
    </Alert>
  );
}

/** Why it came back: the last return of its history. */
function ReturnedBecause({ id }: { id: number }) {
  const { data, error, refetch } = api.useQuery("get", "/api/v1/records/{id}/steps", {
    params: { path: { id }, query: { limit: 200 } },
  });
  if (error) return <Failure error={error} onRetry={() => refetch()} />;
  const last = data?.items.findLast((step) => step.action === "return");
  if (!last?.reason) return null;
  return (
    <Text
      size="sm"
      p="sm"
      bg="var(--mantine-color-orange-light)"
      style={{ borderRadius: "var(--mantine-radius-md)" }}
    >
      <Trans>
        <b>Lý do trả lại:</b> {last.reason}
      </Trans>
    </Text>
  );
}
