/** One activity with all that is told of it, its history and what may be done with it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Stack, Tabs, Text, Title } from "@mantine/core";
import { lazy, Suspense } from "react";
import { api } from "@/api/client";
import { formatNumber } from "@/lib/format";
import { formatPeriod } from "@/lib/period";
import { formatQuantity } from "@/lib/quantity";
import type { Activity } from "../activity-table";
import { Facts } from "../facts";
import { useActivityKinds } from "../names";
import { Pending } from "../page";
import { STATUSES, StateBadge } from "../state-badge";
import { UnitLink } from "../unit-link";
import { ActivityActions } from "./activity-actions";
import { RecordSteps, RecordVersions } from "./record-history";
import { useSourceNames } from "./sources";
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

function Content({ content }: { content: Activity["content"] }) {
  const { t, i18n } = useLingui();
  const { nameOf } = useActivityKinds();
  const sources = useSourceNames();
  const count = (number: number | null | undefined) =>
    typeof number === "number" ? formatNumber(number) : null;
  const lines = (texts: string[]) =>
    texts.length > 0 && texts.map((text) => <div key={text}>{text}</div>);
  return (
    <>
      <Facts
        facts={[
          [t`Đơn vị`, <UnitLink key="unit" code={content.unit} />],
          [t`Loại`, nameOf(content.kind)],
          [t`Tình hình`, i18n._(STATUSES[content.status])],
          [t`Thời gian`, formatPeriod(content.period)],
          [t`Địa điểm`, content.place],
          [t`Số người tham gia`, count(content.participants)],
          [t`Trong đó nữ`, count(content.women)],
          [t`Số người thụ hưởng`, count(content.beneficiaries)],
          [
            t`Kinh phí`,
            lines(
              (content.amounts ?? []).map(
                (one) =>
                  `${formatQuantity(one.amount, one.qualifier)} đ (${sources[one.source ?? ""]})`,
              ),
            ) || null,
          ],
          [
            t`Quà, hiện vật`,
            lines(
              (content.goods ?? []).map(
                (one) =>
                  `${formatQuantity(one.quantity, one.qualifier)} ${one.unit ?? ""} ${one.name}`,
              ),
            ) || null,
          ],
        ]}
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
  const { data } = api.useQuery("get", "/api/v1/records/{id}/steps", {
    params: { path: { id }, query: { limit: 200 } },
  });
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
