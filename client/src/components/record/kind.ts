/** A kind of record: its words, its fields, and what its list shows and is narrowed by. The rest is the same for all. */
import type { MessageDescriptor } from "@lingui/core";
import type { Schemas } from "@/api/client";
import type { Fields, FieldsOf, Values } from "../fields/field";

export type KindName = Schemas["RecordSummary"]["record_kind"];

/** What all contents have. */
export type Content = Values & { unit: string; title: string; period: string };
export type AnyRecord = Schemas["Head"] & { content: Content };

/** How a kind is named: what menu and first page know of it. */
export type NamedKind = {
  name: KindName;
  /** Its list in the addresses of the API, and in the names of its permissions. */
  list: "activities" | "awards" | "agreements" | "inspections" | "campaigns" | "returns";
  words: { many: MessageDescriptor; one: MessageDescriptor; add: MessageDescriptor };
};

/** What its own pages know besides; they load it. */
export type Kind = NamedKind & {
  fields: Fields;
  /** Beside title, unit and state: fields of a column, the first one above the others. */
  columns: string[][];
  /** Beside words, unit, state and days: parameters of the list. */
  filters: Fields;
};

export const toRecord = ({ list }: NamedKind): string => `${list}:record`;
export const toApprove = ({ list }: NamedKind): string => `${list}:approve`;

/** Holds a kind's fields against what the API has. */
export const kind = <C>(
  named: NamedKind,
  told: Pick<Kind, "filters"> & { fields: FieldsOf<C>; columns: (keyof C & string)[][] },
): Kind => ({ ...named, ...told }) as unknown as Kind;
