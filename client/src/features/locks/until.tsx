/** Another end for a lock, or none. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Schemas } from "@/api/client";
import { DayInput } from "@/components/day-input";

type Until = Schemas["PeriodLock"]["until"];

type Props = {
  until: Until;
  isBusy: boolean;
  onConfirm: (until: Until) => void;
  onClose: () => void;
};

export function Until({ until, isBusy, onConfirm, onClose }: Props) {
  const { t } = useLingui();
  const [day, setDay] = useState(until ?? "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onConfirm(day || null);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <DayInput
          label={t`Ngày đầu tiên không còn khóa`}
          description={t`Để trống: cho đến khi được mở lại`}
          value={day}
          onChange={setDay}
          clearable
          maw={300}
        />
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            <Trans>Thôi</Trans>
          </Button>
          <Button type="submit" loading={isBusy}>
            <Trans>Lưu</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
