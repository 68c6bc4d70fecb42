import { useLingui } from "@lingui/react/macro";
import type { Schemas } from "@/api/client";

export type ReorganisationState = Schemas["Reorganisation"]["state"];
export type Line = Schemas["LineContent"];

export function useStateNames(): Record<ReorganisationState, string> {
  const { t } = useLingui();
  return {
    planned: t`Chưa đến ngày hiệu lực`,
    in_effect: t`Đã có hiệu lực`,
    annulled: t`Đã hủy bỏ`,
  };
}

export function useOpNames(): Record<Line["op"], string> {
  const { t } = useLingui();
  return {
    establish: t`Thành lập`,
    transfer: t`Chuyển`,
    rename: t`Đổi tên`,
    change_kind: t`Đổi loại`,
    merge: t`Hợp nhất, sáp nhập`,
    split: t`Chia tách`,
    end: t`Kết thúc`,
    restore: t`Khôi phục`,
  };
}

/** What of a unit a decision changes. */
export function useAspectNames(): Record<string, string> {
  const { t } = useLingui();
  return { life: t`hoạt động hay kết thúc`, kind: t`loại`, parent: t`cấp trên`, name: t`tên` };
}

/** Lines of which each can be shown with its fields; an opening, or what was imported, may have thousands. */
const EDITABLE = 100;

/** Whether somebody may correct it here, by hand. */
export const isCorrectable = (decision: Schemas["Reorganisation"]): boolean =>
  decision.allowed_actions.includes("correct") &&
  decision.effective_on !== null &&
  decision.lines.length <= EDITABLE;
