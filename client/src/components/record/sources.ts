import { useLingui } from "@lingui/react/macro";
import type { Schemas } from "@/api/client";

export type Source = Schemas["Amount"]["source"];

/** Who paid. */
export function useSourceNames(): Record<Source, string> {
  const { t } = useLingui();
  return {
    city: t`công đoàn tỉnh, thành phố`,
    district: t`công đoàn cấp huyện`,
    unit: t`đơn vị`,
    social: t`nguồn xã hội`,
  };
}
