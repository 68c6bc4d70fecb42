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
