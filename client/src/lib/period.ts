/** Periods as the API writes them (`2020-Q3`), as people read them, and back. */
import { t } from "@lingui/core/macro";
import { formatDay } from "./format";

export const PERIOD_FORMS = [
  "day",
  "month",
  "quarter",
  "half",
  "year",
  "school_year",
  "other",
] as const;
export type PeriodForm = (typeof PERIOD_FORMS)[number];

const PATTERNS: [PeriodForm, RegExp][] = [
  ["day", /^\d{4}-\d{2}-\d{2}$/],
  ["month", /^(\d{4})-(\d{2})$/],
  ["quarter", /^(\d{4})-Q([1-4])$/],
  ["half", /^(\d{4})-H([12])$/],
  ["year", /^(\d{4})$/],
  ["school_year", /^SY(\d{4})$/],
];

/** Its form, the year that it names, and which month, quarter or half of it. */
export function readPeriod(text: string): { form: PeriodForm; year: string; part: string } {
  for (const [form, pattern] of PATTERNS) {
    const match = pattern.exec(text);
    if (match) return { form, year: match[1] ?? text.slice(0, 4), part: match[2] ?? "" };
  }
  return { form: "other", year: "", part: "" };
}

export function writePeriod(form: PeriodForm, year: string, part: string): string {
  if (!/^\d{4}$/.test(year)) return "";
  if (form === "month") return `${year}-${part.padStart(2, "0")}`;
  if (form === "quarter") return `${year}-Q${part}`;
  if (form === "half") return `${year}-H${part}`;
  return form === "school_year" ? `SY${year}` : year;
}

/** As people say it: a day, a quarter, five years to 2020, a term. */
export function formatPeriod(text: string): string {
  const { form, year, part } = readPeriod(text);
  const next = Number(year) + 1;
  switch (form) {
    case "day":
      return formatDay(text);
    case "month":
      return `${part}/${year}`;
    case "quarter":
      return t`Quý ${part}/${year}`;
    case "half":
      return part === "1" ? t`6 tháng đầu năm ${year}` : t`6 tháng cuối năm ${year}`;
    case "year":
      return t`Năm ${year}`;
    case "school_year":
      return t`Năm học ${year}–${next}`;
    default:
      return formatRarePeriod(text);
  }
}

/** Windows, terms, statistical years, Tết and spans. What has no words here stays as it is written. */
function formatRarePeriod(text: string): string {
  const [, years, end] = /^P(\d+)Y\/(\d{4})$/.exec(text) ?? [];
  if (years && end) return t`${years} năm đến ${end}`;
  const [, first, last] = /^T(\d{4})-(\d{4})$/.exec(text) ?? [];
  if (first && last) return t`Nhiệm kỳ ${first}–${last}`;
  const [, year, half] = /^R(\d{4})(-H1)?$/.exec(text) ?? [];
  if (year) return half ? t`6 tháng đầu năm thống kê ${year}` : t`Năm thống kê ${year}`;
  const [, tet] = /^L(\d{4})-tet$/.exec(text) ?? [];
  if (tet) return t`Tết ${tet}`;
  const [from, to] = text.split("/");
  return from && to ? `${formatPeriod(from)} – ${formatPeriod(to)}` : text;
}
