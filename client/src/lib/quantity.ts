/** Numbers with how sure they are, as people say them: hơn 30.000. */
import { t } from "@lingui/core/macro";
import { formatNumber } from "./format";

export type Qualifier = "exact" | "at_least" | "more_than" | "nearly" | "at_most" | "about";

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
