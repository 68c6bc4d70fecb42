/** The filters of a list, as they stand in the address, and as the API is asked by them. */
import { byCode } from "@/api/client";
import type { Field } from "@/components/fields/field";
import type { Kind } from "@/components/record/kind";
import { day, oneOf, type Search, text } from "@/lib/search-params";

export const STATES = ["draft", "submitted", "returned", "approved", "withdrawn"] as const;

export type RecordsSearch = {
  q?: string;
  unit?: string;
  tree?: "then" | "now";
  state?: (typeof STATES)[number];
  from?: string;
  to?: string;
  /** The one that is shown beside the list. */
  open?: number;
  /** What the kind is narrowed by besides. */
  [filter: string]: string | number | undefined;
};

function readFilter(field: Field, value: unknown): string | number | undefined {
  if (field.type === "reference") return Number(value) || undefined;
  if (field.type === "day") return day(value);
  return field.type === "choice" ? oneOf(Object.keys(field.options), value) : text(value);
}

/** As it stands in the address; the page holds it against what its kind has. The day is every page's. */
export const givenSearch = ({ as_of: _day, ...search }: Search) => search as RecordsSearch;

export const recordsSearch = (kind: Kind, search: Search): RecordsSearch => ({
  ...Object.fromEntries(
    Object.entries(kind.filters).map(([name, field]) => [name, readFilter(field, search[name])]),
  ),
  q: text(search.q)?.slice(0, 200),
  unit: text(search.unit),
  tree: oneOf(["then", "now"] as const, search.tree),
  state: oneOf(STATES, search.state),
  from: day(search.from),
  to: day(search.to),
  open: Number(search.open) || undefined,
});

/** Parameters by which a unit is found, not read in a content: its address. */
const ADDRESSES = ["unit", "open_to"];

const inAddresses = (search: Search, change: (code: string) => string): Search =>
  Object.fromEntries(
    Object.entries(search).map(([name, value]) =>
      ADDRESSES.includes(name) && value ? [name, change(String(value))] : [name, value],
    ),
  );

/** What the API is asked; a filter that somebody keeps is this under a name. */
export const queryOf = ({ open: _shown, ...search }: RecordsSearch): Search => ({
  ...inAddresses(search, byCode),
  tree: search.unit ? (search.tree ?? "now") : undefined,
});

/** The address of a filter that was kept. */
export const searchOf = (kind: Kind, parameters: Search): RecordsSearch =>
  recordsSearch(
    kind,
    inAddresses(parameters, (address) => address.replace(/^code:/, "")),
  );
