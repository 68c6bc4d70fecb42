/** Where a record is on its way up. Never by colour alone. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react";
import { Badge } from "@mantine/core";
import type { Schemas } from "@/api/client";

export type State = Schemas["Head"]["state"];

export const STATES: Record<State, { label: MessageDescriptor; color: string }> = {
  draft: { label: msg`Nháp`, color: "gray" },
  submitted: { label: msg`Chờ duyệt`, color: "blue" },
  returned: { label: msg`Bị trả lại`, color: "orange" },
  approved: { label: msg`Đã duyệt`, color: "green" },
  withdrawn: { label: msg`Đã rút`, color: "gray" },
};

export function StateBadge({ state }: { state: State }) {
  const { i18n } = useLingui();
  const { label, color } = STATES[state];
  return (
    <Badge color={color} variant="light" tt="none" miw="max-content" c="var(--mantine-color-text)">
      {i18n._(label)}
    </Badge>
  );
}
