import { Trans, useLingui } from "@lingui/react/macro";
import { api, byCode, type Schemas } from "@/api/client";
import { byCursor } from "@/api/pages";
import { useAsOf } from "@/components/as-of";
import { Empty } from "@/components/empty";
import { useUnitKindName } from "@/components/names";
import { PagedTable } from "@/components/paged";
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
  const nothing = <Trans>Không có đơn vị trực thuộc vào ngày này</Trans>;
  if (!unit.alive) return <Empty title={nothing} />;
  return (
    <PagedTable
      pages={pages}
      nothing={nothing}
      label={t`Đơn vị trực thuộc`}
      keyOf={({ id }) => id}
      columns={[
        { label: t`Tên`, show: ({ code, name }) => <UnitLink code={code} name={name} /> },
        { label: t`Loại`, show: ({ kind }) => kindName(kind), isWide: true },
        {
          label: t`Số đơn vị trực thuộc`,
          show: ({ child_count }) => formatNumber(child_count),
          isNumber: true,
        },
      ]}
    />
  );
}
