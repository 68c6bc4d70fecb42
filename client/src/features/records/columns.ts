/** Which fields stand in the columns of a list: as its kind has them, or as somebody chose on this device. */
import { useLocalStorage } from "@mantine/hooks";
import type { Kind } from "@/components/record/kind";

/** What is long, or of many parts, is read on the page of the record. */
const UNFIT = ["long_text", "lines", "rows", "person", "qualifier", "references"];

export const choosable = ({ fields }: Kind): string[] =>
  Object.entries(fields)
    .filter(([name, { type }]) => name !== "title" && name !== "unit" && !UNFIT.includes(type))
    .map(([name]) => name);

export function useColumns(kind: Kind) {
  const [chosen, choose, reset] = useLocalStorage<string[] | null>({
    key: `liendoan-columns-${kind.name}`,
    defaultValue: null,
    getInitialValueInEffect: false,
  });
  // A field that the kind no longer has is no column.
  const columns = chosen
    ? chosen.filter((name) => kind.fields[name]).map((name) => [name])
    : kind.columns;
  return { columns, isChosen: chosen !== null, choose, reset };
}
