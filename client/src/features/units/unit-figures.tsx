/** What a unit and all under it told for a period, measure by measure. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Box, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { api, byCode, type Schemas } from "@/api/client";
import { isProblem } from "@/api/problem";
import { Empty } from "@/components/empty";
import { TextLink } from "@/components/link";
import { nameIn, useMeasures } from "@/components/names";
import { Pending } from "@/components/page";
import { formatDay } from "@/lib/format";
import { formatPeriod } from "@/lib/period";
import { formatAmount, formatTold } from "@/lib/quantity";
import { FiguresPeriod, useFiguresPeriod } from "./figures-period";
import { type Tree, TreeSwitch } from "./tree-switch";
import { UNITS_OF_MEASURE } from "./units-of-measure";

/** Totals follow an approval within a second or so. */
const SOON = 2000;

export function UnitFigures({ code }: { code: string }) {
  // A unit that has ended has figures of then alone.
  const { tree = "then" } = useSearch({ from: "/units/$code" });
  const period = useFiguresPeriod();
  return (
    <Stack gap="sm">
      <Group gap="md" align="flex-end" className="no-print">
        <FiguresPeriod period={period} />
        <TreeSwitch value={tree} />
      </Group>
      <Box>
        <Title order={2} size="h4">
          {formatPeriod(period)}
        </Title>
        <Text size="sm" c="dimmed">
          {tree === "now" ? (
            <Trans>
              Theo tổ chức hôm nay: của đơn vị này và mọi đơn vị hôm nay thuộc nó. Chỉ tính những gì
              đã duyệt.
            </Trans>
          ) : (
            <Trans>
              Theo tổ chức khi đó: của đơn vị này và mọi đơn vị khi ấy thuộc nó. Chỉ tính những gì
              đã duyệt.
            </Trans>
          )}
        </Text>
      </Box>
      <Totals code={code} period={period} tree={tree} />
    </Stack>
  );
}

function Totals({ code, period, tree }: { code: string; period: string; tree: Tree }) {
  const params = { path: { unit: byCode(code) }, query: { period, tree } };
  const query = api.useQuery(
    "get",
    "/api/v1/units/{unit}/totals",
    { params },
    { refetchInterval: ({ state }) => (state.data?.is_current === false ? SOON : false) },
  );
  const totals = query.data;
  if (isProblem(query.error) && query.error.status === 404) {
    return (
      <Empty title={<Trans>Bạn không được xem số liệu của đơn vị này</Trans>}>
        <Trans>Hãy chọn đơn vị của bạn, hoặc một đơn vị thuộc nó.</Trans>
      </Empty>
    );
  }
  if (!totals) return <Pending query={query} count={10} height={52} />;
  return (
    <>
      {!totals.is_current && (
        <Text size="sm" c="dimmed" role="status">
          <Trans>Có số liệu vừa được duyệt chưa kịp cộng vào. Trang sẽ tự cập nhật.</Trans>
        </Text>
      )}
      {totals.items.length > 0 ? <TotalsTable code={code} totals={totals} /> : nothing(totals)}
    </>
  );
}

const nothing = ({ tree, lives_today }: Schemas["UnitTotals"]) =>
  tree === "now" && !lives_today ? (
    <Empty title={<Trans>Đơn vị này nay không còn hoạt động</Trans>}>
      <Trans>
        Số liệu của nó hôm nay tính cho đơn vị thay nó. Hãy chọn “Tổ chức khi đó” để xem tại đây.
      </Trans>
    </Empty>
  ) : (
    <Empty title={<Trans>Chưa có số liệu nào cho thời gian này</Trans>}>
      <Trans>
        Hãy chọn thời gian khác ở trên. Số liệu ghi trong hoạt động, khen thưởng, báo cáo… hiện ra ở
        đây khi đã được duyệt.
      </Trans>
    </Empty>
  );

type TableProps = { code: string; totals: Schemas["UnitTotals"] };

function TotalsTable({ code, totals }: TableProps) {
  const { t, i18n } = useLingui();
  const { measureOf } = useMeasures();
  // Of today's organisation there is the total alone.
  const showsOwn = totals.tree === "then";
  const unitOf = (total: Schemas["UnitTotal"]) => {
    const unit = UNITS_OF_MEASURE[total.unit_of_measure];
    return unit && i18n._(unit);
  };
  return (
    <Table aria-label={t`Số liệu`} verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t`Chỉ tiêu`}</Table.Th>
          <Table.Th ta="end">{t`Tổng`}</Table.Th>
          <Table.Th visibleFrom="sm">{t`Đơn vị tính`}</Table.Th>
          {showsOwn && <Table.Th ta="end" visibleFrom="sm">{t`Riêng đơn vị`}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {totals.items.map((total) => (
          <Table.Tr key={total.measure} style={{ verticalAlign: "top" }}>
            <Table.Td>
              <TextLink
                to="/units/$code/figures/$measure"
                params={{ code, measure: total.measure }}
                search={{ period: totals.period }}
              >
                {nameIn(total, i18n.locale)}
              </TextLink>
              {measureOf(total.measure)?.kind === "stock" && (
                <Text size="xs" c="dimmed">
                  <Trans>Số hiện có vào ngày {formatDay(totals.stock_day)}</Trans>
                </Text>
              )}
              <Declared total={total} />
              {total.own && (
                <Text size="xs" c="dimmed" hiddenFrom="sm">
                  {t`Riêng đơn vị`}: {formatTold(total.own, total.decimals)}
                </Text>
              )}
            </Table.Td>
            <Table.Td ta="end">
              <Text size="sm" fw={600}>
                {i18n.locale === "en" ? total.text_en : total.text_vi}
              </Text>
              <Text size="xs" c="dimmed" hiddenFrom="sm">
                {unitOf(total)}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">{unitOf(total)}</Table.Td>
            {showsOwn && (
              <Table.Td ta="end" visibleFrom="sm">
                {total.own ? formatTold(total.own, total.decimals) : "–"}
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** What the unit itself declared, beside what those under it told. */
function Declared({ total }: { total: Schemas["UnitTotal"] }) {
  const { declared, computed, difference, decimals } = total;
  if (!declared) return null;
  const told = formatTold(declared, decimals);
  const sum = computed && formatTold(computed, decimals);
  const less =
    typeof difference === "number" &&
    `${difference > 0 ? "+" : ""}${formatAmount(difference, decimals)}`;
  return (
    <Text size="xs" c="dimmed">
      <Trans>Đơn vị báo tổng: {told}</Trans>
      {" · "}
      {sum ? <Trans>cộng từ từng đơn vị: {sum}</Trans> : <Trans>chưa có số của từng đơn vị</Trans>}
      {less !== false && difference !== 0 && (
        <>
          {" · "}
          <Trans>chênh lệch: {less}</Trans>
        </>
      )}
      {difference === 0 && (
        <>
          {" · "}
          <Trans>khớp nhau</Trans>
        </>
      )}
    </Text>
  );
}
