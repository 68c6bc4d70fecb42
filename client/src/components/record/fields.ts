/** The fields of an activity by name, and those in which two contents differ. */
import { useLingui } from "@lingui/react/macro";
import { isSame } from "@/lib/same";
import type { Activity } from "../activity-table";

export type Content = Activity["content"];
export type Field = keyof Content;

export function useFieldNames(): Record<Field, string> {
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
    partners: t`Đối tác`,
    campaigns: t`Phong trào, chương trình`,
    stated_figures: t`Số liệu như đã công bố`,
    documents: t`Văn bản`,
  };
}

/** Which field a pointer leads to, `/amounts/0/source`; what leads elsewhere stays as it is. */
export const fieldAt = (names: Record<string, string>, pointer: string): string =>
  names[pointer.split("/")[1] ?? ""] ?? pointer;

/** The fields in which two contents differ. */
export function differences(before: Content, after: Content): Field[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])] as Field[];
  return fields.filter((field) => !isSame(before[field], after[field]));
}
