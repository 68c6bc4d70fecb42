import { useLingui } from "@lingui/react/macro";
import { Badge } from "@mantine/core";
import type { Schemas } from "@/api/client";

type State = Schemas["Account"]["state"];

export function AccountStateBadge({ state }: { state: State }) {
  const { t } = useLingui();
  const labels: Record<State, string> = {
    invited: t`Chưa kích hoạt`,
    active: t`Đang dùng`,
    locked: t`Bị khóa`,
    disabled: t`Đã ngừng`,
  };
  const colors: Record<State, string> = {
    invited: "blue",
    active: "green",
    locked: "orange",
    disabled: "gray",
  };
  return (
    <Badge
      color={colors[state]}
      variant="light"
      tt="none"
      miw="max-content"
      c="var(--mantine-color-text)"
    >
      {labels[state]}
    </Badge>
  );
}
