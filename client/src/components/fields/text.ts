/** The value of a field as plain text, for files. What is named by its number stays its number. */
import type { I18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { formatDay } from "@/lib/format";
import { formatPeriod } from "@/lib/period";
import { isSame } from "@/lib/same";
import type { Field, Values } from "./field";
import { QUALIFIERS } from "./options";

export type Names = { i18n: I18n; unit: NameOf; activity_kind: NameOf; award_title: NameOf };
type NameOf = (code: string) => string;

export function textOf(field: Field, value: unknown, names: Names): string {
  if (isSame(value, null)) return "";
  const { i18n } = names;
  switch (field.type) {
    case "unit":
    case "activity_kind":
    case "award_title":
      return names[field.type](value as string);
    case "units":
      return (value as string[]).map(names.unit).join("; ");
    case "references":
    case "lines":
      return (value as unknown[]).join("; ");
    case "rows":
      return (value as Values[])
        .map((row) =>
          Object.entries(field.columns)
            .map(([name, column]) => textOf(column, row[name], names))
            .filter(Boolean)
            .join(" · "),
        )
        .join("; ");
    case "choice": {
      const label = field.options[value as string];
      return label ? i18n._(label) : String(value);
    }
    case "qualifier":
      return i18n._(QUALIFIERS[value as keyof typeof QUALIFIERS]);
    case "yes_no":
      return value ? t`có` : t`không`;
    case "day":
      return formatDay(value as string);
    case "period":
      return formatPeriod(value as string);
    case "person":
      return "";
    default:
      return String(value);
  }
}

/** The codes of units that a content names, wherever in it. */
export function unitsIn(fields: { [name: string]: Field }, content: Values): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const value = content[name];
    if (isSame(value, null)) return [];
    if (field.type === "unit") return [value as string];
    if (field.type === "units") return value as string[];
    if (field.type === "rows")
      return (value as Values[]).flatMap((row) => unitsIn(field.columns, row));
    return [];
  });
}
