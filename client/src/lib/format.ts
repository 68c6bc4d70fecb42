/** Days, instants and numbers as people in Vietnam write them, in both languages. */
/** A day of the API, `2025-07-01`. */
export type Day = string;

export const TIME_ZONE = "Asia/Ho_Chi_Minh";

const parts = new Intl.DateTimeFormat("en-CA", { timeZone: TIME_ZONE });
const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: TIME_ZONE,
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
// No measure has more decimals.
const numbers = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 6 });

/** Today in Vietnam, wherever the browser is. */
export const today = (): Day => parts.format(new Date());

/** 01/07/2025 */
export const formatDay = (day: Day): string => day.split("-").reverse().join("/");

/** 01/07/2025 08:30 */
export const formatInstant = (instant: string): string =>
  clock.format(new Date(instant)).replace(",", "");

/** 1.234.567,8 */
export const formatNumber = (number: number): string => numbers.format(number);

/** The day before: `to` of the API is the first day on which something no longer holds. */
export const lastDay = (to: Day): Day =>
  new Date(Date.parse(to) - 86_400_000).toISOString().slice(0, 10);

/** Whole days from an instant until now. */
export const daysSince = (instant: string, now = Date.now()): number =>
  Math.max(0, Math.floor((now - Date.parse(instant)) / 86_400_000));

/** 1,5 MB */
export const formatSize = (bytes: number): string =>
  bytes < 1024 * 1024
    ? `${formatNumber(Math.ceil(bytes / 1024))} KB`
    : `${formatNumber(Math.round((bytes / 1024 / 1024) * 10) / 10)} MB`;
