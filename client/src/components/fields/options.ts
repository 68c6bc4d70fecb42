/** Words that several things choose from. */
import { msg } from "@lingui/core/macro";
import type { Qualifier } from "@/lib/quantity";

/** How sure a number is, before the number. */
export const QUALIFIERS = {
  exact: msg`đúng`,
  at_least: msg`ít nhất`,
  more_than: msg`hơn`,
  nearly: msg`gần`,
  at_most: msg`tối đa`,
  about: msg`khoảng`,
} satisfies Record<Qualifier, unknown>;

/** Whether something took place. */
export const STATUSES = {
  planned: msg`Dự kiến`,
  held: msg`Đã tổ chức`,
  cancelled: msg`Đã hủy`,
};
