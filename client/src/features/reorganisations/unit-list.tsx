/** Any number of units: behind the last there is always a place for one more. */
import { UnitPicker } from "@/components/unit-picker";

type Props = { label: string; values: string[]; onChange: (codes: string[]) => void };

export function UnitList({ label, values, onChange }: Props) {
  return [...values.filter(Boolean), ""].map((code, at) => (
    <UnitPicker
      // biome-ignore lint/suspicious/noArrayIndexKey: places in a list
      key={at}
      label={label}
      value={code}
      onChange={(next) => onChange(values.filter(Boolean).toSpliced(at, 1, next).filter(Boolean))}
    />
  ));
}
