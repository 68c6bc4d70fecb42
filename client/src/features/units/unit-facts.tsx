import { useLingui } from "@lingui/react/macro";
import { Stack, Text } from "@mantine/core";
import type { Schemas } from "@/api/client";
import { EMPLOYER_TYPES } from "@/components/employer-types";
import { Facts } from "@/components/facts";
import { UnitLink } from "@/components/unit-link";
import { formatDay, formatNumber, lastDay } from "@/lib/format";

export function UnitFacts({ unit }: { unit: Schemas["Unit"] }) {
  const { t, i18n } = useLingui();
  const stretch = (life: Schemas["Life"]) => {
    const from = life.from ? t`từ ${formatDay(life.from)}` : t`từ trước khi có số liệu`;
    const to = life.to ? t`đến hết ${formatDay(lastDay(life.to))}` : t`đến nay`;
    return `${from} ${to}`;
  };
  const employerType = unit.employer_type ? EMPLOYER_TYPES[unit.employer_type] : undefined;
  return (
    <Facts
      facts={[
        [
          t`Mã`,
          <span key="code" className="mono">
            {unit.code}
          </span>,
        ],
        [t`Tên gọi tắt`, unit.short_name],
        [
          t`Trực thuộc`,
          unit.parent && <UnitLink code={unit.parent.code} name={unit.parent.name} />,
        ],
        [t`Số đơn vị trực thuộc`, unit.alive ? formatNumber(unit.child_count) : null],
        [t`Loại hình`, employerType ? i18n._(employerType) : unit.employer_type],
        [t`Đơn vị sử dụng lao động`, unit.employer],
        [t`Địa chỉ`, unit.address],
        [t`Điện thoại`, unit.telephone],
        [t`Địa bàn`, unit.administrative_division],
        [t`Mã số thuế`, unit.tax_code],
        [t`Tên khác`, unit.aliases.join(", ")],
        [
          t`Thời gian hoạt động`,
          <Stack gap={2} key="lives">
            {unit.lives.map((life) => (
              <Text size="sm" key={life.from}>
                {stretch(life)}
              </Text>
            ))}
          </Stack>,
        ],
        [
          t`Mã ở hệ thống khác`,
          unit.external_ids.map((id) => `${id.system}: ${id.value}`).join(", "),
        ],
      ]}
    />
  );
}
