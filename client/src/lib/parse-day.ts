import type { Day } from "./format";

/** The day that somebody typed as 1/7/2025, 01.07.2025, 1-7-2025 or 2025-07-01. */
export function parseDay(typed: string): Day | undefined {
  const text = typed.trim();
  const spoken = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})$/.exec(text);
  const day = spoken
    ? `${spoken[3]}-${spoken[2]?.padStart(2, "0")}-${spoken[1]?.padStart(2, "0")}`
    : text;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const instant = new Date(`${day}T00:00:00Z`);
  // 31/2/2025 would become a day of March.
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day)
    ? day
    : undefined;
}
