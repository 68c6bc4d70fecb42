/** Numbers with how sure they are, as people say them: hơn 30.000. */
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";
import { formatNumber } from "./format";

export type Qualifier = "exact" | "at_least" | "more_than" | "nearly" | "at_most" | "about";

/** What a figure tells, in units of the last of these decimals. */
export function formatTold(told: Schemas["Quantity"], decimals = 0): string {
  const number = (stored: number | null | undefined) => (stored ?? 0) / 10 ** decimals;
  const [min, max] = [formatNumber(number(told.value_min)), formatNumber(number(told.value_max))];
  switch (told.qualifier) {
    case "range":
      return t`từ ${min} đến ${max}`;
    case "order_of_magnitude":
      return t`từ ${min} đến dưới ${max}`;
    case "unquantified":
      return t`không nêu số`;
    default:
      return formatQuantity(number(told.value), told.qualifier);
  }
}

export function formatQuantity(quantity: number, qualifier: Qualifier = "exact"): string {
  return qualified(formatNumber(quantity), qualifier);
}

function qualified(number: string, qualifier: Qualifier): string {
  switch (qualifier) {
    case "at_least":
      return t`ít nhất ${number}`;
    case "more_than":
      return t`hơn ${number}`;
    case "nearly":
      return t`gần ${number}`;
    case "at_most":
      return t`tối đa ${number}`;
    case "about":
      return t`khoảng ${number}`;
    case "exact":
      return number;
  }
}

/** What the API says of one figure, or of a sum of them. Numbers are in units of the measure's last decimal. */
export type Told = {
  qualifier: Qualifier | "range" | "order_of_magnitude" | "unquantified";
  value?: number | null;
  value_min?: number | null;
  value_max?: number | null;
  unquantified?: number;
};

// Beside the sums that the API prints itself numbers are written as it writes them.
const englishNumbers = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

/** A number of a measure, in the language of the page. */
export function formatAmount(amount: number, decimals: number): string {
  const number = amount / 10 ** decimals;
  return i18n.locale === "en" ? englishNumbers.format(number) : formatNumber(number);
}

/** A figure or a sum, in the language of the page. */
export function formatTold(told: Told, decimals: number): string {
  const number = numberOf(told, decimals);
  const count = told.unquantified ?? 0;
  if (!number) return t`không nêu số`;
  return count > 0 ? t`${number} (${count} số liệu không nêu số)` : number;
}

function numberOf(told: Told, decimals: number): string | undefined {
  const { qualifier, value, value_min: min, value_max: max } = told;
  const say = (amount: number) => formatAmount(amount, decimals);
  if (typeof value === "number") return qualified(say(value), qualifier as Qualifier);
  if (typeof min !== "number") return undefined;
  if (typeof max !== "number") return qualified(say(min), "at_least");
  const [from, to] = [say(min), say(max)];
  return t`từ ${from} đến ${to}`;
}
