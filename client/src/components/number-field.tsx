/** A whole number as Vietnam writes it, 1.011; empty where nobody knows it. */
import { TextInput, type TextInputProps } from "@mantine/core";
import { formatNumber } from "@/lib/format";

export type Count = number | "";

/** The largest that every JSON reader holds. */
const MAX = Number.MAX_SAFE_INTEGER;

/** What was typed, whatever stands between its digits. */
export function readCount(typed: string): Count {
  const digits = typed.replace(/\D/g, "");
  return digits === "" ? "" : Math.min(Number(digits), MAX);
}

type Props = Omit<TextInputProps, "value" | "onChange"> & {
  value: Count;
  onChange: (value: Count) => void;
};

export function NumberField({ value, onChange, ...props }: Props) {
  return (
    <TextInput
      inputMode="numeric"
      autoComplete="off"
      value={value === "" ? "" : formatNumber(value)}
      onChange={(event) => onChange(readCount(event.currentTarget.value))}
      {...props}
    />
  );
}
