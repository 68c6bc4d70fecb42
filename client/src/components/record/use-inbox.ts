import { api } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";

/** Days after which what waits is late. */
export const LATE = 7;

/** What waits for me, the oldest first: one list for the menu, the first page and the inbox. */
export function useInbox() {
  const params = { query: { limit: 50 } };
  const options = { ...byCursor, refetchInterval: 60_000 };
  const pages = api.useInfiniteQuery("get", "/api/v1/inbox", { params }, options);
  return { pages, items: allItems(pages.data) };
}
