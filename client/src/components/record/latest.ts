import { useQueries } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { AnyRecord, Kind } from "./kind";
import { listOf } from "./requests";

/** The latest of several kinds together. */
export function useLatest(kinds: Kind[], state: AnyRecord["state"] | undefined, limit: number) {
  const params = { query: { state, limit } };
  return useQueries({
    queries: kinds.map((kind) => api.queryOptions("get", listOf(kind), { params })),
    combine: (answers) => ({
      error: answers.find(({ error }) => error)?.error,
      refetch: () => Promise.all(answers.map(({ refetch }) => refetch())),
      items: answers.every(({ data }) => data)
        ? answers
            .flatMap(({ data }, at) =>
              ((data?.items ?? []) as unknown as AnyRecord[]).map((record) => ({
                record,
                kind: kinds[at] as Kind,
              })),
            )
            .sort((a, b) => (a.record.updated_at < b.record.updated_at ? 1 : -1))
            .slice(0, limit)
        : undefined,
    }),
  });
}
