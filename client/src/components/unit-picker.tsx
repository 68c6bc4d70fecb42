/** One unit, found by typing. */
import { useLingui } from "@lingui/react/macro";
import { Loader, Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useUnitName } from "./unit-link";
import { UnitHitText, useUnitSearch } from "./unit-search";

type Props = Omit<SelectProps, "data" | "value" | "onChange"> & {
  /** The unit's code; empty: none. */
  value: string;
  onChange: (code: string) => void;
};

export function UnitPicker({ value, onChange, ...props }: Props) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const name = useUnitName(value);
  // What shows of the choice is no question.
  const [asked] = useDebouncedValue(typed === name ? "" : typed, 150);
  const { data, isFetching } = useUnitSearch(asked);
  const hits = asked ? (data?.items ?? []) : [];
  const options = hits.map((hit) => ({ value: hit.code, label: hit.name }));
  if (value && !options.some((option) => option.value === value))
    options.unshift({ value, label: name });

  return (
    <Select
      placeholder={t`Nhập tên đơn vị`}
      searchable
      clearable={!props.required}
      data={options}
      value={value || null}
      onChange={(code) => onChange(code ?? "")}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={
        asked
          ? isFetching
            ? t`Đang tìm…`
            : t`Không tìm thấy`
          : t`Nhập vài chữ của tên, không cần dấu`
      }
      rightSection={isFetching && asked ? <Loader size="xs" /> : undefined}
      maxDropdownHeight={320}
      renderOption={({ option }) => {
        const hit = hits.find((hit) => hit.code === option.value);
        return hit ? <UnitHitText hit={hit} /> : option.label;
      }}
      {...props}
    />
  );
}
