/** Numbers with how sure they are, as people say them: hơn 30.000. */
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";
import { formatNumber } from "./format";

export type Qualifier = "exact" | "at_least" | "more_than" | "nearly" | "at_most" | "about";

// Figures stand beside sums that the API prints: in English they are written as it writes them.
const english = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

/** A number of a measure, in units of the last of these decimals. */
export function formatAmount(stored: number, decimals = 0): string {
  const number = stored / 10 ** decimals;
  return i18n.locale === "en" ? english.format(number) : formatNumber(number);
}

/** What a figure tells, or a sum of figures, some of which may have told no number. */
export function formatTold(
  told: Schemas["Quantity"] & { unquantified?: number },
  decimals?: number,
): string {
  const number = formatNumbers(told, decimals);
  const count = told.qualifier === "unquantified" ? 0 : (told.unquantified ?? 0);
  return count > 0 ? t`${number} (${count} số liệu không nêu số)` : number;
}

function formatNumbers(told: Schemas["Quantity"], decimals?: number): string {
  const [min, max, value] = [told.value_min, told.value_max, told.value].map((stored) =>
    formatAmount(stored ?? 0, decimals),
  ) as [string, string, string];
  switch (told.qualifier) {
    case "range":
      return t`từ ${min} đến ${max}`;
    case "order_of_magnitude":
      return t`từ ${min} đến dưới ${max}`;
    case "unquantified":
      return t`không nêu số`;
    default:
      return qualified(value, told.qualifier);
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
