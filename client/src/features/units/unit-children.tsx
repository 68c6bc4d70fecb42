import { Trans, useLingui } from "@lingui/react/macro";
import { Table, Text } from "@mantine/core";
import { api, byCode, type Schemas } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";
import { useAsOf } from "@/components/as-of";
import { Empty } from "@/components/empty";
import { More } from "@/components/more";
import { useUnitKindName } from "@/components/names";
import { Pending } from "@/components/page";
import { UnitLink } from "@/components/unit-link";
import { formatNumber } from "@/lib/format";

export function UnitChildren({ unit }: { unit: Schemas["Unit"] }) {
  const { t } = useLingui();
  const kindName = useUnitKindName();
  const params = { path: { unit: byCode(unit.code) }, query: { as_of: useAsOf(), limit: 50 } };
  const pages = api.useInfiniteQuery(
    "get",
    "/api/v1/units/{unit}/children",
    { params },
    { ...byCursor, enabled: unit.alive },
  );
  const items = allItems(pages.data);
  if (!unit.alive || (pages.data && items.length === 0)) {
    return <Empty title={<Trans>Không có đơn vị trực thuộc vào ngày này</Trans>} />;
  }
  if (!pages.data) return <Pending query={pages} />;
  return (
    <>
      <Table aria-label={t`Đơn vị trực thuộc`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t`Tên`}</Table.Th>
            <Table.Th visibleFrom="sm">{t`Loại`}</Table.Th>
            <Table.Th ta="end">{t`Số đơn vị trực thuộc`}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((child) => (
            <Table.Tr key={child.id}>
              <Table.Td>
                <UnitLink code={child.code} name={child.name} />
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Text size="sm">{kindName(child.kind)}</Text>
              </Table.Td>
              <Table.Td ta="end">{formatNumber(child.child_count)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <More pages={pages} />
    </>
  );
}
