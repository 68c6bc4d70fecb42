/** Numbers with how sure they are, as people say them: hơn 30.000. */
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
  const number = formatNumber(quantity);
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
