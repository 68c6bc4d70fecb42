import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Paper, Stack, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { formErrors } from "@/api/problem";
import { useAccount } from "@/components/account";
import { DayInput } from "@/components/day-input";
import { Failure } from "@/components/failure";
import { PeriodPicker } from "@/components/period-picker";
import { UnitPicker } from "@/components/unit-picker";
import { today } from "@/lib/format";
import { notice } from "@/lib/notice";

export function NewLock({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const account = useAccount();
  const [unit, setUnit] = useState(account.unit ?? "");
  // The year that is over is what is most often closed.
  const [period, setPeriod] = useState(String(Number(today().slice(0, 4)) - 1));
  const [until, setUntil] = useState("");
  const [reason, setReason] = useState("");
  const close = api.useMutation("post", "/api/v1/period_locks", {
    onSuccess: async () => {
      void notice(t`Đã khóa kỳ`);
      await queries.invalidateQueries();
      onClose();
    },
  });
  const errors = formErrors(close.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { unit, period, reason: reason.trim(), until: until || null, exceptions: [] };
    close.mutate({ body });
  };
  return (
    <Paper withBorder p="md">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <UnitPicker
            label={t`Khóa cho đơn vị và mọi đơn vị thuộc nó`}
            required
            value={unit}
            onChange={setUnit}
            error={errors.unit}
          />
          <PeriodPicker value={period} onChange={setPeriod} error={errors.period} required />
          <DayInput
            label={t`Ngày đầu tiên không còn khóa`}
            description={t`Để trống: cho đến khi được mở lại`}
            value={until}
            onChange={setUntil}
            error={errors.until}
            clearable
          />
          <Textarea
            label={t`Lý do`}
            description={t`Người bị từ chối đọc được lý do này`}
            required
            autosize
            minRows={2}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={errors.reason}
          />
          {close.error && <Failure error={close.error} />}
          <Group>
            <Button variant="default" onClick={onClose}>
              <Trans>Thôi</Trans>
            </Button>
            <Button
              type="submit"
              loading={close.isPending}
              disabled={!unit || !period || reason.trim() === ""}
            >
              <Trans>Khóa kỳ này</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
