import { useLingui } from "@lingui/react/macro";
import type { Schemas } from "@/api/client";

/** Empty where nobody told. */
export type Source = NonNullable<Schemas["Amount"]["source"]> | "";

/** Who paid. */
export function useSourceNames(): Record<Source, string> {
  const { t } = useLingui();
  return {
    unit: t`đơn vị`,
    district: t`công đoàn cấp huyện`,
    city: t`công đoàn tỉnh, thành phố`,
    social: t`nguồn xã hội`,
    "": t`không rõ nguồn`,
  };
}
