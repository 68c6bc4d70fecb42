/** The records that a list is narrowed to, as a table for spreadsheets. */
import { t } from "@lingui/core/macro";
import { http } from "@/api/client";
import { type Names, textOf, unitsIn } from "@/components/fields/text";
import type { AnyRecord, Kind } from "@/components/record/kind";
import { listOf } from "@/components/record/requests";
import { STATES } from "@/components/state-badge";
import { queryOf, type RecordsSearch } from "./search";

/** As many as a spreadsheet on an old laptop takes without pain. */
export const MOST = 10_000;

/** Reads them page by page, at most `MOST`; tells how many there are so far, and whether some were left. */
export async function readAll(
  kind: Kind,
  search: RecordsSearch,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (count: number) => void },
): Promise<{ items: AnyRecord[]; hasMore: boolean }> {
  const items: AnyRecord[] = [];
  let cursor: string | null | undefined;
  do {
    const params = { query: { ...queryOf(search), limit: 200, cursor } as object };
    const { data, error } = await http.GET(listOf(kind), { params, signal });
    if (error) throw error;
    items.push(...(data.items as unknown as AnyRecord[]));
    cursor = data.next_cursor;
    onProgress(items.length);
  } while (cursor && items.length < MOST);
  return { items: items.slice(0, MOST), hasMore: Boolean(cursor) };
}

export const unitsOf = (kind: Kind, items: AnyRecord[]): string[] => [
  ...new Set(items.flatMap(({ content }) => unitsIn(kind.fields, content))),
];

/** The names of persons stay where their reading is logged. */
const isTold = ([, { type }]: [string, Kind["fields"][string]]) => type !== "person";

export function tableOf(kind: Kind, items: AnyRecord[], names: Names): string[][] {
  const { i18n } = names;
  const told = Object.entries(kind.fields).filter(isTold);
  const head = told.map(([name, field]) => {
    const label = i18n._(field.label);
    if (field.type === "reference" || field.type === "references") return t`${label} (số)`;
    const of = told.find(([, other]) => other.type === "number" && other.sure === name)?.[1];
    return of ? `${label}: ${i18n._(of.label)}` : label;
  });
  const rows = items.map(({ id, state, content }) => [
    String(id),
    i18n._(STATES[state].label),
    content.unit,
    ...told.map(([name, field]) => textOf(field, content[name], names)),
  ]);
  return [[t`Số`, t`Trạng thái`, t`Mã đơn vị`, ...head], ...rows];
}
