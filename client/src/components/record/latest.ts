import { useQueries } from "@tanstack/react-query";
import { api, byCode } from "@/api/client";
import type { AnyRecord, NamedKind } from "./kind";
import { listOf } from "./requests";

/** What the latest are taken from: a state, and a unit by its code. */
export type Among = { state?: AnyRecord["state"]; unit?: string };

/** The latest of several kinds together. */
export function useLatest(kinds: NamedKind[], { state, unit }: Among, limit: number) {
  const params = { query: { state, unit: unit && byCode(unit), limit } };
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
                kind: kinds[at] as NamedKind,
              })),
            )
            .sort((a, b) => (a.record.updated_at < b.record.updated_at ? 1 : -1))
            .slice(0, limit)
        : undefined,
    }),
  });
}
