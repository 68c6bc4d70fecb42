/** A unit that is let in for a time. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Schemas } from "@/api/client";
import { DayInput } from "@/components/day-input";
import { UnitPicker } from "@/components/unit-picker";

type Props = {
  isBusy: boolean;
  onConfirm: (exception: Schemas["PeriodLockException"]) => void;
  onClose: () => void;
};

export function LetIn({ isBusy, onConfirm, onClose }: Props) {
  const { t } = useLingui();
  const [one, setOne] = useState({ unit: "", until: "", reason: "" });
  const set = (change: Partial<typeof one>) => setOne((old) => ({ ...old, ...change }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onConfirm({ ...one, reason: one.reason.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <UnitPicker
            label={t`Đơn vị được ghi, cùng mọi đơn vị thuộc nó`}
            required
            value={one.unit}
            onChange={(unit) => set({ unit })}
          />
          <DayInput
            label={t`Ngày đầu tiên không còn được ghi`}
            required
            value={one.until}
            onChange={(until) => set({ until })}
          />
        </SimpleGrid>
        <TextInput
          label={t`Lý do`}
          required
          maxLength={2000}
          value={one.reason}
          onChange={(event) => set({ reason: event.currentTarget.value })}
        />
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            <Trans>Thôi</Trans>
          </Button>
          <Button
            type="submit"
            loading={isBusy}
            disabled={!one.unit || !one.until || one.reason.trim() === ""}
          >
            <Trans>Cho ghi</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
