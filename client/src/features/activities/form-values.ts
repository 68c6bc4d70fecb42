/** A form of an activity: what is typed, and what is sent. */
import type { Schemas } from "@/api/client";
import type { Source } from "@/components/record/sources";
import type { Qualifier } from "@/lib/quantity";
import { isSame } from "@/lib/same";

export type Content = Schemas["ActivityContent"];

/** Numbers and sources are empty text where nobody knows them. How sure a number is goes along with it. */
export type Values = {
  unit: string;
  kind: string;
  status: Content["status"];
  title: string;
  text: string;
  period: string;
  place: string;
  participants: number | "";
  women: number | "";
  beneficiaries: number | "";
  amounts: { source: Source; amount: number | ""; qualifier?: Qualifier }[];
  goods: { name: string; quantity: number | ""; unit: string; qualifier?: Qualifier }[];
  documents: number[];
};

export const EMPTY: Values = {
  unit: "",
  kind: "",
  status: "held",
  title: "",
  text: "",
  period: "",
  place: "",
  participants: "",
  women: "",
  beneficiaries: "",
  amounts: [],
  goods: [],
  documents: [],
};

const numberOf = (number: number | null | undefined): number | "" => number ?? "";

export function valuesOf(content: Content): Values {
  return {
    ...EMPTY,
    ...content,
    text: content.text ?? "",
    place: content.place ?? "",
    participants: numberOf(content.participants),
    women: numberOf(content.women),
    beneficiaries: numberOf(content.beneficiaries),
    amounts: (content.amounts ?? []).map((one) => ({ ...one, source: one.source ?? "" })),
    goods: (content.goods ?? []).map((one) => ({ ...one, unit: one.unit ?? "" })),
    documents: content.documents ?? [],
  };
}

const orNull = <T>(value: T | ""): T | null => (value === "" ? null : value);
const textOrNull = (text: string): string | null => orNull(text.trim());

/** Rows in which nothing was entered are left out. */
export function contentOf(values: Values): Content {
  return {
    ...values,
    title: values.title.trim(),
    text: textOrNull(values.text),
    place: textOrNull(values.place),
    participants: orNull(values.participants),
    women: orNull(values.women),
    beneficiaries: orNull(values.beneficiaries),
    amounts: values.amounts.flatMap(({ source, amount, ...rest }) =>
      amount === "" ? [] : [{ source: orNull(source), amount, ...rest }],
    ),
    goods: values.goods.flatMap(({ name, quantity, unit, ...rest }) =>
      name.trim() === "" && quantity === ""
        ? []
        : [{ name: name.trim(), quantity: Number(quantity || 0), ...rest, unit: textOrNull(unit) }],
    ),
  };
}

/** What a merge patch must say to turn one content into another. */
export function patchBetween(before: Content, after: Content): Partial<Content> {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !isSame(before[name as keyof Content], value)),
  ) as Partial<Content>;
}
