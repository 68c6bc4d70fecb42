/** The filters that a kind has of its own, and the days. */
import { useLingui } from "@lingui/react/macro";
import { SimpleGrid } from "@mantine/core";
import { DayInput } from "@/components/day-input";
import { PickInput } from "@/components/fields/pick-input";
import type { FiltersProps } from "./filters";

/** What is chosen from a list of words narrows nothing as long as nothing is chosen. */
const LISTED = ["choice", "activity_kind", "award_title", "return_form"];

export default function MoreFilters({ kind, search, onChange }: FiltersProps) {
  const { t, i18n } = useLingui();
  const day = (name: "from" | "to", label: string) => (
    <DayInput
      label={label}
      value={search[name] ?? ""}
      onChange={(day) => onChange({ [name]: day || undefined })}
      clearable
    />
  );
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm" pt="xs">
      {Object.entries(kind.filters).map(([name, field]) => (
        <PickInput
          key={name}
          field={field}
          value={search[name] ?? ""}
          onChange={(value) => onChange({ [name]: (value as string | number) || undefined })}
          beside={search}
          naming={{
            label: i18n._(field.label),
            ...(LISTED.includes(field.type) && { placeholder: t`Tất cả` }),
          }}
        />
      ))}
      {day("from", t`Từ ngày`)}
      {day("to", t`Trước ngày`)}
    </SimpleGrid>
  );
}
