import { Checkbox } from "@mantine/core";
import type { InputProps } from "./pick-input";

/** Few forms ask for a yes or a no: its box is loaded by them. */
export default function YesNoInput({ value, onChange, naming }: InputProps) {
  return (
    <Checkbox
      label={naming.label ?? naming["aria-label"]}
      checked={value as boolean}
      onChange={(event) => onChange(event.currentTarget.checked)}
      error={naming.error}
    />
  );
}
