/** Words that several things choose from. */
import { msg } from "@lingui/core/macro";
import type { Qualifier } from "@/lib/quantity";
import type { Values } from "./field";

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

/** What a record tells of measures. */
export const FIGURES = {
  type: "figures",
  label: msg`Số liệu`,
  when: ({ figures }: Values) => Boolean((figures as unknown[] | undefined)?.length),
} as const;

/** Figures in the words in which they were published. */
export const STATED_FIGURES = {
  type: "rows",
  label: msg`Số liệu như đã công bố`,
  add: msg`Thêm số liệu`,
  columns: {
    subject: { type: "text", label: msg`Nội dung`, isRequired: true },
    text: { type: "text", label: msg`Nguyên văn`, isRequired: true },
  },
} as const;
