/** Any number of units, partners and the like: behind the last there is always a place for one more. */
import { Input, Stack } from "@mantine/core";
import type { Field } from "./field";
import { type InputProps, PickInput } from "./pick-input";

export function SeveralInput({ field, value, onChange, beside, naming }: InputProps) {
  const { label, description, required, error } = naming;
  const chosen = value as (string | number)[];
  const one: Field =
    field.type === "references"
      ? { ...field, type: "reference" }
      : ({ ...field, type: "unit" } as Field);
  const put = (at: number, next: unknown) =>
    onChange(chosen.toSpliced(at, 1, next as string).filter((some) => some !== ""));
  return (
    <Input.Wrapper
      label={label}
      description={description}
      required={required}
      error={error}
      labelElement="div"
    >
      <Stack gap="xs" mt={4}>
        {[...chosen, ""].map((some, at) => (
          <PickInput
            // biome-ignore lint/suspicious/noArrayIndexKey: places in a list
            key={at}
            field={one}
            value={some}
            onChange={(next) => put(at, next)}
            beside={beside}
            naming={{ "aria-label": label }}
          />
        ))}
      </Stack>
    </Input.Wrapper>
  );
}
