/** Records of every kind, asked for in the same way: here stand the types of one kind for those of all. */
import { keepPreviousData, useQueryClient } from "@tanstack/react-query";
import { api, http, ifMatch, type Schemas } from "@/api/client";
import { byCursor } from "@/api/pages";
import type { Values } from "../fields/field";
import type { Pages } from "../paged";
import type { AnyRecord, NamedKind } from "./kind";
import { NAMED_KINDS } from "./kinds/named";

export const listOf = ({ list }: NamedKind) => `/api/v1/${list}` as "/api/v1/activities";
const addressOf = ({ list }: NamedKind) => `/api/v1/${list}/{id}` as "/api/v1/activities/{id}";

type Answer = { data?: AnyRecord; error?: unknown };

export function useRecord(kind: NamedKind, id: number) {
  const { data, ...query } = api.useQuery("get", addressOf(kind), { params: { path: { id } } });
  return { ...query, data: data as unknown as AnyRecord | undefined };
}

/** What was there stays until the narrowed list comes: nothing jumps while somebody types. */
export function useRecords(kind: NamedKind, query: object): Pages<AnyRecord> {
  const options = { ...byCursor, placeholderData: keepPreviousData };
  const pages = api.useInfiniteQuery("get", listOf(kind), { params: { query } }, options);
  return pages as unknown as Pages<AnyRecord>;
}

/** How many there are in each state of all that the list is narrowed to. */
export function useCounts(kind: NamedKind, narrowed: object): Schemas["StateCounts"] | undefined {
  const query = { ...narrowed, counts: "by_state", limit: 1 } as const;
  const options = { placeholderData: keepPreviousData };
  const { data } = api.useQuery("get", listOf(kind), { params: { query } }, options);
  return data?.by_state ?? undefined;
}

export const readRecord = (kind: NamedKind, id: number): Promise<Answer> =>
  http.GET(addressOf(kind), { params: { path: { id } } }) as Promise<unknown> as Promise<Answer>;

export const createRecord = (kind: NamedKind, content: Values): Promise<Answer> =>
  http.POST(listOf(kind), { body: content as never }) as Promise<unknown> as Promise<Answer>;

export const changeRecord = (
  kind: NamedKind,
  { id, version }: AnyRecord,
  patch: Values,
): Promise<Answer> =>
  http.PATCH(addressOf(kind), {
    params: { path: { id }, header: ifMatch(version) },
    body: patch as never,
  }) as Promise<unknown> as Promise<Answer>;

export function useDelete(kind: NamedKind, onSuccess: () => Promise<void>) {
  return api.useMutation("delete", addressOf(kind), { onSuccess });
}

const OF_RECORDS = RegExp(
  `^/api/v1/(records|inbox|${NAMED_KINDS.map(({ list }) => list).join("|")})\\b`,
);

/** What is kept of answers that tell of records is old. */
export function useRefresh(): () => Promise<void> {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: ({ queryKey }) => typeof queryKey[1] === "string" && OF_RECORDS.test(queryKey[1]),
    });
}
