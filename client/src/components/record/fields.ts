/** The fields of an activity by name, and what differs between two contents. */
import { useLingui } from "@lingui/react/macro";
import type { Activity } from "../activity-table";

type Content = Activity["content"];

export function useFieldNames(): Record<string, string> {
  const { t } = useLingui();
  return {
    unit: t`Đơn vị`,
    kind: t`Loại`,
    status: t`Tình hình`,
    title: t`Tên hoạt động`,
    period: t`Thời gian`,
    place: t`Địa điểm`,
    text: t`Diễn biến, kết quả`,
    participants: t`Số người tham gia`,
    women: t`Trong đó nữ`,
    beneficiaries: t`Số người thụ hưởng`,
    amounts: t`Kinh phí`,
    goods: t`Quà, hiện vật`,
    documents: t`Văn bản`,
  };
}

export type Difference = { name: keyof Content; before: string; after: string };

/** A value in one line, to lay beside another. */
function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map(shown).join("; ") || "–";
  if (typeof value === "object")
    return Object.values(value)
      .filter((part) => part !== null)
      .join(" ");
  return String(value);
}

/** The fields in which two contents differ. What is left out is the same as empty. */
export function differences(before: Content, after: Content): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Content)[];
  return names
    .map((name) => ({ name, before: shown(before[name]), after: shown(after[name]) }))
    .filter((field) => field.before !== field.after);
}
