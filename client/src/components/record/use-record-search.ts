import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { api } from "@/api/client";
import { useHolds } from "../account";
import type { AnyRecord, NamedKind } from "./kind";
import { NAMED_KINDS } from "./kinds/named";
import { listOf } from "./requests";

/** Fewer letters than this begin too many words. */
const LETTERS = 2;

/** Records of one kind, the newest first, and whether there are more. */
export type Found = { kind: NamedKind; items: AnyRecord[]; hasMore: boolean };

/** What of each kind has the words, as far as one may read it. */
export function useRecordSearch(typed: string, limit: number) {
  const mayRead = useHolds("records:read");
  const q = typed.trim().slice(0, 200);
  const params = { query: { q, limit } };
  const enabled = mayRead && q.length >= LETTERS;
  return useQueries({
    queries: NAMED_KINDS.map((kind) => ({
      ...api.queryOptions("get", listOf(kind), { params }),
      enabled,
      placeholderData: keepPreviousData,
    })),
    combine: (answers) => ({
      error: answers.find(({ error }) => error)?.error,
      isFetching: answers.some(({ isFetching }) => isFetching),
      found: NAMED_KINDS.flatMap((kind, at): Found[] => {
        const data = enabled ? answers[at]?.data : undefined;
        if (!data?.items.length) return [];
        const items = data.items as unknown as AnyRecord[];
        return [{ kind, items, hasMore: Boolean(data.next_cursor) }];
      }),
    }),
  });
}
