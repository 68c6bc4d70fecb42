/** What something is made of, told once: its form, its view, its lists and its differences are read from this. */
import type { MessageDescriptor } from "@lingui/core";
import type { Schemas } from "@/api/client";
import type { KindName } from "../record/kind";

export type Figure = Schemas["Figure"];

/** What is typed, or what is sent, by the names of fields. */
export type Values = { [name: string]: unknown };

/** What a field names by its number. */
export type Reference = KindName | "partner" | "document";

type Told = {
  label: MessageDescriptor;
  hint?: MessageDescriptor;
  isRequired?: true;
  /** What a new form begins with. */
  initial?: string | number;
  /** Whether it applies; where it does not, it is not asked for and nothing is sent of it. */
  when?: (values: Values) => boolean;
};

export type Field = Told &
  (
    | { type: "text" | "long_text" | "lines" | "day" | "period" | "yes_no" | "person" }
    /** Of measures. They are shown, and changed by the API alone. */
    | { type: "figures" }
    | { type: "unit" | "units" | "activity_kind" | "award_title" | "return_form" }
    /** `sure` is the field beside it that says how sure the number is. */
    | { type: "number"; sure?: string }
    | { type: "qualifier" }
    | { type: "choice"; options: { [value: string]: MessageDescriptor } }
    | { type: "reference" | "references"; to: Reference }
    | { type: "rows"; columns: Fields; add: MessageDescriptor }
  );

export type Fields = { [name: string]: Field };

/** The types that fit what the API holds in a place. */
type TypeOf<V> = V extends boolean
  ? "yes_no"
  : V extends number
    ? "number" | "reference"
    : V extends string
      ? string extends V
        ?
            | "text"
            | "long_text"
            | "day"
            | "period"
            | "unit"
            | "activity_kind"
            | "award_title"
            | "return_form"
        : "choice" | "qualifier"
      : V extends number[]
        ? "references"
        : V extends string[]
          ? "units" | "lines"
          : V extends Figure[]
            ? "figures"
            : V extends object[]
              ? "rows"
              : "person";

type FieldOf<V> = Field & { type: TypeOf<V> } & (V extends string
    ? string extends V
      ? unknown
      : { type: "qualifier" } | { options: { [O in V]: MessageDescriptor } }
    : V extends Figure[]
      ? unknown
      : V extends (infer Row extends object)[]
        ? { columns: FieldsOf<Row> }
        : unknown);

/** A field for each that the API has, and no others: what is forgotten does not compile. */
export type FieldsOf<C> = { [F in keyof Required<C>]: FieldOf<NonNullable<C[F]>> };
