/** The filters of the list, as they stand in the address, and as the API is asked by them. */
import { byCode } from "@/api/client";
import { day, oneOf, type Search, text } from "@/lib/search-params";

export const STATES = ["draft", "submitted", "returned", "approved", "withdrawn"] as const;
const STATUSES = ["planned", "held", "cancelled"] as const;
export type ActivitiesSearch = {
  q?: string;
  unit?: string;
  tree?: "then" | "now";
  state?: (typeof STATES)[number];
  status?: (typeof STATUSES)[number];
  kind?: string;
  from?: string;
  to?: string;
  /** The one that is shown beside the list. */
  open?: number;
};

export const activitiesSearch = (search: Search): ActivitiesSearch => ({
  q: text(search.q)?.slice(0, 200),
  unit: text(search.unit),
  tree: oneOf(["then", "now"] as const, search.tree),
  state: oneOf(STATES, search.state),
  status: oneOf(STATUSES, search.status),
  kind: text(search.kind),
  from: day(search.from),
  to: day(search.to),
  open: Number(search.open) || undefined,
});

/** What the API is asked. A filter that somebody keeps is this under a name. */
export function queryOf({ q, unit, tree, state, status, kind, from, to }: ActivitiesSearch) {
  return {
    q,
    unit: unit && byCode(unit),
    tree: unit ? (tree ?? ("now" as const)) : undefined,
    state,
    status,
    kind,
    from,
    to,
  };
}

/** The address of a filter that was kept. */
export const searchOf = (parameters: Search): ActivitiesSearch =>
  activitiesSearch({ ...parameters, unit: text(parameters.unit)?.replace(/^code:/, "") });
