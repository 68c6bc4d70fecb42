/** In which tree something stands under a unit: as it was organised then, or as it is organised now. */
import { useLingui } from "@lingui/react/macro";
import { SegmentedControl } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";

export type Tree = "then" | "now";

export function TreeSwitch({ value }: { value: Tree }) {
  const { t } = useLingui();
  const navigate = useNavigate({ from: "/units/$code" });
  return (
    <SegmentedControl
      aria-label={t`Theo tổ chức`}
      value={value}
      onChange={(next) =>
        navigate({ search: (old) => ({ ...old, tree: next as Tree }), replace: true })
      }
      data={[
        { value: "now", label: t`Tổ chức hôm nay` },
        { value: "then", label: t`Tổ chức khi đó` },
      ]}
      style={{ alignSelf: "flex-start", maxWidth: "100%" }}
    />
  );
}
