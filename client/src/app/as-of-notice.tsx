/** Whoever looks at another day than today is told so on every page. */

import { Trans } from "@lingui/react/macro";
import { Alert, Group, Text } from "@mantine/core";
import { CalendarClock } from "lucide-react";
import { useAsOf } from "@/components/as-of";
import { ButtonLink } from "@/components/link";
import { formatDay } from "@/lib/format";

export function AsOfNotice() {
  const asOf = useAsOf();
  if (!asOf) return null;
  const day = formatDay(asOf);
  return (
    <Alert color="yellow" icon={<CalendarClock aria-hidden />} mb="sm" p="xs" role="status">
      <Group gap="sm">
        <Text size="sm">
          <Trans>
            Bạn đang xem tổ chức vào ngày <b>{day}</b>, không phải hôm nay.
          </Trans>
        </Text>
        <ButtonLink
          to="."
          search={(old) => ({ ...old, as_of: undefined })}
          size="compact-sm"
          variant="default"
        >
          <Trans>Về hôm nay</Trans>
        </ButtonLink>
      </Group>
    </Alert>
  );
}
