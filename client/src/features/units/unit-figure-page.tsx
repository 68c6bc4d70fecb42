/** Of what a total is made: what the unit told itself, with its records, and what each unit directly below has. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Stack, Table, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { api, byCode, type Schemas } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";
import { Empty } from "@/components/empty";
import { ButtonLink, TextLink } from "@/components/link";
import { useMeasures } from "@/components/names";
import { Pending, Section } from "@/components/page";
import { More } from "@/components/paged";
import type { KindName } from "@/components/record/kind";
import { kindOf } from "@/components/record/kinds";
import { pagesOf } from "@/components/record/pages";
import { UnitLink, useUnitName } from "@/components/unit-link";
import { formatPeriod } from "@/lib/period";
import { formatTold } from "@/lib/quantity";
import { FiguresPeriod, useFiguresPeriod } from "./figures-period";
import { UNITS_OF_MEASURE } from "./units-of-measure";

export default function UnitFigurePage() {
  const { code, measure } = useParams({ from: "/units/$code/figures/$measure" });
  const period = useFiguresPeriod();
  const { measureOf, nameOf } = useMeasures();
  const known = measureOf(measure);
  const name = nameOf(measure);
  const unitName = useUnitName(code);
  useDocumentTitle(`${name} · ${unitName} · Liên đoàn`);
  return (
    <Stack gap="md">
      <ButtonLink
        to="/units/$code"
        params={{ code }}
        search={{ tab: "figures", period }}
        variant="subtle"
        size="compact-md"
        leftSection={<ArrowLeft aria-hidden size={16} />}
        className="no-print"
        style={{ alignSelf: "flex-start" }}
      >
        <Trans>Mọi số liệu của đơn vị</Trans>
      </ButtonLink>
      <Stack gap={4}>
        <Title order={1} size="h2" className="wrap-anywhere">
          {name}
        </Title>
        <UnitLink code={code} name={unitName} />
        <Text size="sm" c="dimmed">
          {formatPeriod(period)}. <Trans>Theo tổ chức khi đó. Chỉ tính những gì đã duyệt.</Trans>
        </Text>
      </Stack>
      <div className="no-print">
        <FiguresPeriod period={period} />
      </div>
      <Parts key={`${code} ${measure} ${period}`} {...{ code, measure, period, known }} />
    </Stack>
  );
}

type PartsProps = {
  code: string;
  measure: string;
  period: string;
  known?: Pick<Schemas["Measure"], "unit_of_measure" | "decimals">;
};

function Parts({ code, measure, period, known }: PartsProps) {
  const { t, i18n } = useLingui();
  const params = { path: { unit: byCode(code), measure }, query: { period, limit: 50 } };
  const pages = api.useInfiniteQuery(
    "get",
    "/api/v1/units/{unit}/totals/{measure}",
    { params },
    byCursor,
  );
  const first = pages.data?.pages[0];
  const below = allItems(pages.data);
  if (!first) return <Pending query={pages} count={6} height={52} />;
  if (!first.total && first.figures.length === 0 && below.length === 0) {
    return (
      <Empty title={<Trans>Chưa có số liệu nào cho thời gian này</Trans>}>
        <Trans>Hãy chọn thời gian khác ở trên.</Trans>
      </Empty>
    );
  }
  const unit = UNITS_OF_MEASURE[known?.unit_of_measure ?? ""];
  const declares = first.figures.some((figure) => isDeclared(figure) && figure.counts);
  const textOf = (told: Schemas["Told"]) => (i18n.locale === "en" ? told.text_en : told.text_vi);
  return (
    <>
      <Text size="xl" fw={700}>
        {t`Tổng`}: {first.total ? textOf(first.total) : "–"} {first.total && unit && i18n._(unit)}
      </Text>
      <Section title={<Trans>Số do chính đơn vị này ghi</Trans>}>
        {first.figures.length > 0 ? (
          <Figures figures={first.figures} decimals={known?.decimals ?? 0} />
        ) : (
          <Text size="sm" c="dimmed">
            <Trans>Đơn vị này không tự ghi số nào; tổng cộng từ các đơn vị dưới đây.</Trans>
          </Text>
        )}
      </Section>
      <Section title={<Trans>Đơn vị trực thuộc</Trans>}>
        {declares && below.length > 0 && (
          <Alert color="yellow" p="xs" mb="sm" role="status">
            <Trans>
              Đơn vị này báo tổng cho cả các đơn vị dưới; số của họ chỉ để đối chiếu, không cộng vào
              phần thời gian đã báo tổng.
            </Trans>
          </Alert>
        )}
        {below.length > 0 ? (
          <Table aria-label={t`Đơn vị trực thuộc`} verticalSpacing="xs">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t`Tên`}</Table.Th>
                <Table.Th ta="end">{t`Tổng`}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {below.map((share) => (
                <Table.Tr key={share.unit.id}>
                  <Table.Td>
                    <TextLink
                      to="/units/$code/figures/$measure"
                      params={{ code: share.unit.code, measure }}
                      search={{ period }}
                      className="wrap-anywhere"
                    >
                      {share.unit.name}
                    </TextLink>
                  </Table.Td>
                  <Table.Td ta="end">{textOf(share)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        ) : (
          <Text size="sm" c="dimmed">
            <Trans>Không đơn vị trực thuộc nào có số cho thời gian này.</Trans>
          </Text>
        )}
        <More pages={pages} />
      </Section>
    </>
  );
}

const isDeclared = ({ coverage }: Schemas["FigureView"]) => coverage === "consolidated";

function Figures({ figures, decimals }: { figures: Schemas["FigureView"][]; decimals: number }) {
  const { t } = useLingui();
  return (
    <Table aria-label={t`Số do chính đơn vị này ghi`} verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t`Ghi tại`}</Table.Th>
          <Table.Th ta="end">{t`Số`}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {figures.map((figure) => (
          <Table.Tr key={figure.id} style={{ verticalAlign: "top" }}>
            <Table.Td className="wrap-anywhere">
              <Source figure={figure} />
              <Text size="xs" c="dimmed">
                {formatPeriod(figure.period)}
                {" · "}
                {isDeclared(figure) ? <Trans>đơn vị báo tổng</Trans> : <Trans>riêng đơn vị</Trans>}
                {" · "}
                {figure.counts ? (
                  <Trans>được tính</Trans>
                ) : (
                  <Trans>không tính, vì đã có số khác thay</Trans>
                )}
              </Text>
              {figure.text && (
                <Text size="xs" c="dimmed">
                  <Trans>Nguồn viết: “{figure.text}”</Trans>
                </Text>
              )}
            </Table.Td>
            <Table.Td ta="end">
              <Text size="sm" fw={figure.counts ? 600 : undefined}>
                {formatTold(figure.quantity, decimals)}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The record that tells a figure; a kind without pages is named alone. */
function Source({ figure }: { figure: Schemas["FigureView"] }) {
  const kind = kindOf(figure.record_kind as KindName);
  if (!kind) return <Text size="sm">{figure.record_title}</Text>;
  return (
    <TextLink to={pagesOf(kind).one} params={{ id: String(figure.record_id) }}>
      {figure.record_title}
    </TextLink>
  );
}
