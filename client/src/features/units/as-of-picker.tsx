/** The day of which the tree is shown: it stands in the address. */
import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useAsOf } from "@/components/as-of";
import { DayInput } from "@/components/day-input";
import { today } from "@/lib/format";

export function AsOfPicker() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const asOf = useAsOf();
  return (
    <DayInput
      label={t`Xem tổ chức vào ngày`}
      value={asOf ?? today()}
      onChange={(day) =>
        day &&
        navigate({
          to: ".",
          search: (old: object) => ({ ...old, as_of: day === today() ? undefined : day }),
        })
      }
    />
  );
}
