/** A form by its fields: what is typed, and what is sent. Without I/O. */
import { isSame } from "@/lib/same";
import type { Field, Fields, Values } from "./field";

/** What stands in a field into which nothing was entered: numbers too are empty text where nobody knows them. */
function emptyOf(field: Field): unknown {
  switch (field.type) {
    case "units":
    case "references":
    case "rows":
    case "figures":
      return [];
    case "person":
      return { name: "", position: "" };
    case "qualifier":
      return "exact";
    case "yes_no":
      return true;
    default:
      return "";
  }
}

function fieldValue(field: Field, content: unknown): unknown {
  if (content === null || content === undefined) return emptyOf(field);
  switch (field.type) {
    case "lines":
      return (content as string[]).join("\n");
    case "person":
      return {
        ...(emptyOf(field) as object),
        ...content,
        position: (content as { position?: string | null }).position ?? "",
      };
    case "rows":
      return (content as Values[]).map((row) => valuesOf(field.columns, row));
    default:
      return content;
  }
}

export const valuesOf = (fields: Fields, content: Values): Values =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, fieldValue(field, content[name])]),
  );

/** What a new form begins with. */
export const beginning = (fields: Fields): Values =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.initial ?? emptyOf(field)]),
  );

export const applies = (field: Field, values: Values): boolean => field.when?.(values) ?? true;

const textOrNull = (text: unknown) => String(text).trim() || null;

/** What is chosen whatever else is entered: alone it says nothing. */
const SAYS_NOTHING: Field["type"][] = ["choice", "qualifier", "yes_no"];

const isBlank = (columns: Fields, row: Values) =>
  Object.entries(columns).every(
    ([name, field]) =>
      SAYS_NOTHING.includes(field.type) || isSame(contentOf({ [name]: field }, row)[name], null),
  );

const filledRows = (columns: Fields, rows: unknown) =>
  (rows as Values[]).filter((row) => !isBlank(columns, row));

function sentOf(field: Field, value: unknown): unknown {
  switch (field.type) {
    case "text":
    case "long_text":
      return textOrNull(value);
    case "lines":
      return String(value)
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean);
    case "person": {
      const { name, position } = value as { name: string; position: string };
      return name.trim() === "" ? null : { name: name.trim(), position: textOrNull(position) };
    }
    case "rows":
      return filledRows(field.columns, value).map((row) => contentOf(field.columns, row));
    default:
      return value === "" ? null : value;
  }
}

/** Rows in which nothing was entered are left out, and of what does not apply nothing is sent. */
export const contentOf = (fields: Fields, values: Values): Values =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => {
      const value = applies(field, values) ? values[name] : undefined;
      return [name, sentOf(field, value ?? emptyOf(field))];
    }),
  );

/** What a merge patch must say to turn one content into another. */
export const patchBetween = (before: Values, after: Values): Values =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => !isSame(before[name], value)));

/** The fields in which two contents differ. */
export const differences = (fields: Fields, before: Values, after: Values): [string, Field][] =>
  Object.entries(fields).filter(([name]) => !isSame(before[name], after[name]));

/** The fields that must be filled in and are not, in themselves or in one of their rows. */
export function missing(fields: Fields, values: Values): string[] {
  const content = contentOf(fields, values);
  return Object.entries(fields).flatMap(([name, field]) => {
    if (!applies(field, values)) return [];
    const rows = field.type === "rows" ? filledRows(field.columns, values[name]) : [];
    const isPartial =
      field.type === "rows" && rows.some((row) => missing(field.columns, row).length > 0);
    const isMissing = field.isRequired && isSame(content[name], null);
    return isMissing || isPartial ? [name] : [];
  });
}
