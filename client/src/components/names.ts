/** The catalogues, by code, in the language of the page. */
import { useLingui } from "@lingui/react";
import { api } from "@/api/client";

const HOUR = 3_600_000;
const EVERYTHING = { params: { query: { limit: 200 } } } as const;

type Named = { name_vi: string; name_en: string };

/** A name in the language of the page. */
export const nameIn = (entry: Named, language: string) =>
  language === "en" ? entry.name_en : entry.name_vi;

/** Gives the name of a kind of unit. Of entries that followed each other the last one tells. */
export function useUnitKindName(): (code: string) => string {
  const language = useLingui().i18n.locale;
  const { data } = api.useQuery("get", "/api/v1/unit_kinds", EVERYTHING, { staleTime: HOUR });
  return (code) => {
    const entry = data?.items.findLast((entry) => entry.kind === code);
    return entry ? nameIn(entry, language) : code;
  };
}

/** The entries of a catalogue, and the name of one. Of entries that followed each other the last one tells. */
function useCatalogue(list: "activity_kinds" | "award_titles" | "measures" | "return_forms") {
  const language = useLingui().i18n.locale;
  const address = `/api/v1/${list}` as "/api/v1/activity_kinds";
  const { data } = api.useQuery("get", address, EVERYTHING, { staleTime: HOUR });
  const labels = new Map(data?.items.map((entry) => [entry.code, nameIn(entry, language)]));
  return {
    options: [...labels].map(([value, label]) => ({ value, label })),
    nameOf: (code: string) => labels.get(code) ?? code,
  };
}

export const useActivityKinds = () => useCatalogue("activity_kinds");
export const useAwardTitles = () => useCatalogue("award_titles");
export const useReturnForms = () => useCatalogue("return_forms");

/** The measures, and one by its code. */
export function useMeasures() {
  const { data } = api.useQuery("get", "/api/v1/measures", EVERYTHING, { staleTime: HOUR });
  const measures = new Map(data?.items.map((entry) => [entry.code, entry]));
  return { ...useCatalogue("measures"), measureOf: (code: string) => measures.get(code) };
}

/** The roles, and the name of one. */
export function useRoles() {
  const language = useLingui().i18n.locale;
  const { data } = api.useQuery("get", "/api/v1/roles", {});
  const roles = (data?.items ?? []).map((role) => ({
    value: role.code,
    label: nameIn(role, language),
  }));
  const nameOf = (code: string) => roles.find((role) => role.value === code)?.label ?? code;
  return { roles, nameOf };
}

/** Says in words what a permission lets somebody do. */
export function usePermissionSentence(): (name: string) => string {
  const language = useLingui().i18n.locale;
  const { data } = api.useQuery("get", "/api/v1/permissions", {});
  return (name) => {
    const known = data?.items.find((permission) => permission.name === name);
    return (language === "en" ? known?.en : known?.vi) ?? name;
  };
}
