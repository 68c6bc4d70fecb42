/** Something that is named by its number, found by typing. */
import { useLingui } from "@lingui/react/macro";
import { Select, type SelectProps } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { Reference } from "./field";
import { useReferenceName, useReferences } from "./references";

type Props = Omit<SelectProps, "data" | "value" | "onChange"> & {
  to: Reference;
  /** Empty: none. */
  value: number | "";
  onChange: (id: number | "") => void;
  /** Code of the unit that names it, where that is known. */
  unit?: string;
};

export function ReferencePicker({ to, value, onChange, unit = "", ...props }: Props) {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const name = useReferenceName(to, value);
  // What shows of the choice is no question.
  const [asked] = useDebouncedValue(typed === name ? "" : typed, 150);
  const { hits, isFetching } = useReferences(to, asked, unit);
  const options = hits.map((hit) => ({ value: String(hit.id), label: hit.name }));
  if (value !== "" && !hits.some((hit) => hit.id === value))
    options.unshift({ value: String(value), label: name });
  const hint = to === "document" ? t`Nhập đúng số, ký hiệu` : t`Nhập vài chữ, không cần dấu`;
  return (
    <Select
      placeholder={hint}
      searchable
      clearable
      data={options}
      value={value === "" ? null : String(value)}
      onChange={(id) => onChange(id === null ? "" : Number(id))}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage={asked ? (isFetching ? t`Đang tìm…` : t`Không tìm thấy`) : hint}
      maxDropdownHeight={320}
      {...props}
    />
  );
}
