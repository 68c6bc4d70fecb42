/** One activity with all that is told of it, its history and what may be done with it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { lazy, Suspense } from "react";
import { api } from "@/api/client";
import { isSame } from "@/lib/same";
import type { Activity } from "../activity-table";
import { Facts } from "../facts";
import { Failure } from "../failure";
import { Pending } from "../page";
import { StateBadge } from "../state-badge";
import { ActivityActions } from "./activity-actions";
import { FieldValue } from "./field-value";
import { type Field, useFieldNames } from "./fields";
import { RecordSteps, RecordVersions } from "./record-history";
import { useActivity } from "./use-activity";

const Evidence = lazy(() => import("./evidence"));

type Props = {
  id: number;
  /** Hides the buttons where the page around has its own. */
  withActions?: boolean;
};

export default function ActivityView({ id, withActions = true }: Props) {
  const query = useActivity(id);
  const { data } = query;
  if (!data) return <Pending query={query} count={6} height={32} />;
  return <View activity={data} withActions={withActions} />;
}

function View({ activity, withActions }: { activity: Activity; withActions: boolean }) {
  const { t } = useLingui();
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-start" justify="space-between">
        <Title order={2} size="h3" className="wrap-anywhere" flex={1} miw={200}>
          {activity.content.title}
        </Title>
        <StateBadge state={activity.state} />
      </Group>
      {activity.state === "returned" && <ReturnedBecause id={activity.id} />}
      {withActions && <ActivityActions activity={activity} />}
      <Tabs defaultValue="content" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="content">{t`Nội dung`}</Tabs.Tab>
          <Tabs.Tab value="steps">{t`Quá trình`}</Tabs.Tab>
          {activity.approved_number !== null && (
            <Tabs.Tab value="versions">{t`Các bản đã duyệt`}</Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="content" pt="sm">
          <Content content={activity.content} />
          <Suspense>
            <Evidence record={activity} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="steps" pt="sm">
          <RecordSteps id={activity.id} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="sm">
          <RecordVersions id={activity.id} current={activity} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** Those of its fields that are told in a line; the title stands above, the text below. */
const FACTS: Field[] = [
  "unit",
  "kind",
  "status",
  "period",
  "place",
  "participants",
  "women",
  "beneficiaries",
  "amounts",
  "goods",
  "partners",
  "campaigns",
  "stated_figures",
  "documents",
];

function Content({ content }: { content: Activity["content"] }) {
  const names = useFieldNames();
  const known = FACTS.filter((field) => !isSame(content[field], null));
  return (
    <>
      <Facts
        facts={known.map((field) => [
          names[field],
          <FieldValue key={field} content={content} field={field} withLinks />,
        ])}
      />
      {content.text && (
        <Text mt="md" size="sm" className="wrap-anywhere" style={{ whiteSpace: "pre-wrap" }}>
          {content.text}
        </Text>
      )}
    </>
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
