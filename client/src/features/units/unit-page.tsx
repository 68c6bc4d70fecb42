/** One unit: what it is, what stands below it, what it did, and how it became so. */

import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Badge, Breadcrumbs, Group, Stack, Tabs, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { api, byCode, type Schemas } from "@/api/client";
import { useHolds } from "@/components/account";
import { useAsOf } from "@/components/as-of";
import { ButtonLink, TextLink } from "@/components/link";
import { useUnitKindName } from "@/components/names";
import { Pending } from "@/components/page";
import { toRecord } from "@/components/record/kind";
import { KINDS } from "@/components/record/kinds";
import { activity } from "@/components/record/kinds/activity";
import { pagesOf } from "@/components/record/pages";
import { UnitLink } from "@/components/unit-link";
import { formatDay, lastDay } from "@/lib/format";
import { UnitChildren } from "./unit-children";
import { UnitFacts } from "./unit-facts";
import { UnitFigures } from "./unit-figures";
import { UnitHistory } from "./unit-history";
import styles from "./unit-page.module.css";
import { UnitRecords } from "./unit-records";

export default function UnitPage() {
  const { code } = useParams({ from: "/units/$code" });
  const asOf = useAsOf();
  const params = { path: { unit: byCode(code) }, query: { as_of: asOf } };
  const query = api.useQuery("get", "/api/v1/units/{unit}", { params });
  const unit = query.data;
  useDocumentTitle(`${unit?.name ?? code} · Liên đoàn`);
  if (!unit) return <Pending query={query} />;
  return <UnitView unit={unit} />;
}

function UnitView({ unit }: { unit: Schemas["Unit"] }) {
  const { t, i18n } = useLingui();
  const { tab = "overview" } = useSearch({ from: "/units/$code" });
  const navigate = useNavigate({ from: "/units/$code" });
  const kindName = useUnitKindName();
  const mayRead = useHolds("records:read");
  const kind = KINDS.find(({ list }) => list === tab) ?? activity;
  const mayRecord = useHolds(toRecord(kind));

  return (
    <Stack gap="md">
      {unit.alive && <UnitPath unit={unit} />}
      <Group justify="space-between" align="flex-start" gap="sm">
        <Title order={1} size="h2" className="wrap-anywhere" flex={1} miw={240}>
          {unit.name}
        </Title>
        {mayRecord && unit.alive && (
          <ButtonLink
            to={pagesOf(kind).add}
            search={{ unit: unit.code }}
            leftSection={<Plus aria-hidden size={16} />}
            className="no-print"
          >
            {i18n._(kind.words.add)}
          </ButtonLink>
        )}
      </Group>
      <Group gap="xs">
        <Badge variant="default" tt="none" size="lg">
          {kindName(unit.kind)}
        </Badge>
        {unit.placeholder && (
          <Badge variant="default" tt="none" size="lg">
            <Trans>Nhóm trong sơ đồ</Trans>
          </Badge>
        )}
      </Group>
      {!unit.alive && <EndedNotice unit={unit} />}
      <Tabs
        value={tab}
        onChange={(next) =>
          navigate({
            search: (old) => ({
              ...old,
              tab: next === "overview" ? undefined : (next as typeof tab),
            }),
            replace: true,
          })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="overview">{t`Tổng quan`}</Tabs.Tab>
          <Tabs.Tab value="children">{t`Đơn vị trực thuộc`}</Tabs.Tab>
          {mayRead && <Tabs.Tab value="figures">{t`Số liệu`}</Tabs.Tab>}
          {mayRead &&
            KINDS.map(({ list, words }) => (
              <Tabs.Tab key={list} value={list}>
                {i18n._(words.many)}
              </Tabs.Tab>
            ))}
          <Tabs.Tab value="history">{t`Lịch sử`}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="overview">
          <UnitFacts unit={unit} />
        </Tabs.Panel>
        <Tabs.Panel value="children">
          <UnitChildren unit={unit} />
        </Tabs.Panel>
        <Tabs.Panel value="figures">
          <UnitFigures code={unit.code} />
        </Tabs.Panel>
        {KINDS.map((kind) => (
          <Tabs.Panel key={kind.list} value={kind.list}>
            <UnitRecords kind={kind} code={unit.code} />
          </Tabs.Panel>
        ))}
        <Tabs.Panel value="history">
          <UnitHistory code={unit.code} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function UnitPath({ unit }: { unit: Schemas["Unit"] }) {
  const { t } = useLingui();
  const asOf = useAsOf();
  const params = { path: { unit: byCode(unit.code) }, query: { as_of: asOf } };
  const { data } = api.useQuery("get", "/api/v1/units/{unit}/path", { params });
  const above = data?.items.slice(0, -1) ?? [];
  return (
    <nav aria-label={t`Cấp trên`} style={{ minHeight: 22 }}>
      <Breadcrumbs separator="›" separatorMargin={6} style={{ flexWrap: "wrap" }}>
        {above.map((step) => (
          <TextLink
            key={step.id}
            to="/units/$code"
            params={{ code: step.code }}
            className={styles.step}
          >
            {step.name}
          </TextLink>
        ))}
      </Breadcrumbs>
    </nav>
  );
}

function EndedNotice({ unit }: { unit: Schemas["Unit"] }) {
  const end = unit.lives.at(-1)?.to;
  const day = end ? formatDay(lastDay(end)) : "";
  return (
    <Alert color="yellow" role="status">
      {day ? (
        <Trans>
          Vào ngày đang xem, đơn vị này không hoạt động. Ngày hoạt động cuối cùng: {day}.
        </Trans>
      ) : (
        <Trans>Vào ngày đang xem, đơn vị này không hoạt động.</Trans>
      )}
      {unit.today.length > 0 && (
        <Group gap="xs" mt={4}>
          <Trans>Nay là:</Trans>
          {unit.today.map((next) => (
            <UnitLink key={next.id} code={next.code} name={next.name} />
          ))}
        </Group>
      )}
    </Alert>
  );
}
