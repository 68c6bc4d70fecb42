/** Lists that are read page by page, by cursor. */
import type { InfiniteData } from "@tanstack/react-query";

export type PageOf<T> = { items: T[]; next_cursor?: string | null };

/** Options for `api.useInfiniteQuery` over a list of the API. */
export const byCursor = {
  pageParamName: "cursor",
  // Null is left out of the address: without a cursor it is the first page.
  initialPageParam: null as unknown as string,
  getNextPageParam: (last: { next_cursor?: string | null }) => last.next_cursor ?? undefined,
};

export const allItems = <T>(data: InfiniteData<PageOf<T>> | undefined): T[] =>
  data?.pages.flatMap((page) => page.items) ?? [];
