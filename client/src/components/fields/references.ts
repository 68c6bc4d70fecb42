/** What a field may name by its number: how it is found, and by which words people know it. */
import { useLingui } from "@lingui/react/macro";
import { keepPreviousData } from "@tanstack/react-query";
import { api, byCode } from "@/api/client";
import type { Reference } from "./field";

/** As they are answered, each with some of these. */
type Named = {
  id: number;
  name?: string;
  number?: string | null;
  title?: string | null;
  content?: { title: string };
};

const LISTS = {
  activity: "/api/v1/activities",
  award: "/api/v1/awards",
  agreement: "/api/v1/agreements",
  inspection: "/api/v1/inspections",
  return: "/api/v1/returns",
  campaign: "/api/v1/campaigns",
  partner: "/api/v1/partners",
  document: "/api/v1/documents",
} as const satisfies Record<Reference, string>;

const nameOf = ({ name, content, number, title }: Named): string =>
  name ?? content?.title ?? [number, title].filter(Boolean).join(" · ");

/** One that is known by its number. Until its name is there, or where it is not to be read, the number tells. */
export function useReferenceName(to: Reference, id: number | ""): string {
  const { t } = useLingui();
  const one = `${LISTS[to]}/{id}` as "/api/v1/partners/{id}";
  const params = { path: { id: Number(id) } };
  const { data } = api.useQuery("get", one, { params }, { enabled: id !== "" });
  if (id === "") return "";
  return (data && nameOf(data)) || t`Số ${id}`;
}

/** Papers are found by their whole number alone; of campaigns those that the unit may take part in. */
function queryFor(to: Reference, words: string, unit: string) {
  if (to === "partner") return { name: words };
  if (to === "document") return { number: words };
  return { q: words, open_to: to === "campaign" && unit ? byCode(unit) : undefined };
}

/** Those that what is typed may mean. */
export function useReferences(to: Reference, typed: string, unit: string) {
  const words = typed.trim().slice(0, 200);
  const query = queryFor(to, words, unit);
  const { data, isFetching } = api.useQuery(
    "get",
    LISTS[to] as "/api/v1/partners",
    { params: { query: { ...query, limit: 20 } as object } },
    { enabled: words !== "", placeholderData: keepPreviousData },
  );
  const found: Named[] = words === "" ? [] : (data?.items ?? []);
  return { hits: found.map((one) => ({ id: one.id, name: nameOf(one) })), isFetching };
}
