/** The filters of the list, as they stand in the address. */
import { day, oneOf, type Search, text } from "@/lib/search-params";

const STATES = ["draft", "submitted", "returned", "approved", "withdrawn"] as const;
const STATUSES = ["planned", "held", "cancelled"] as const;
export type ActivitiesSearch = {
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
  unit: text(search.unit),
  tree: oneOf(["then", "now"] as const, search.tree),
  state: oneOf(STATES, search.state),
  status: oneOf(STATUSES, search.status),
  kind: text(search.kind),
  from: day(search.from),
  to: day(search.to),
  open: Number(search.open) || undefined,
});
