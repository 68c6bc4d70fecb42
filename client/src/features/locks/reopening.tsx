import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { Failure } from "@/components/failure";
import { notice } from "@/lib/notice";

type Props = { lock: Schemas["PeriodLock"]; onClose: () => void };

export function Reopening({ lock, onClose }: Props) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const reopen = api.useMutation("post", "/api/v1/period_locks/{id}:reopen", {
    onSuccess: async () => {
      void notice(t`Đã mở lại kỳ`);
      onClose();
      await queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const params = { path: { id: lock.id }, header: ifMatch(lock.version) };
    reopen.mutate({ params, body: { reason: reason.trim() } });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t`Lý do mở lại`}
          description={t`Khóa này không dùng lại được; muốn khóa tiếp thì khóa lại lần nữa.`}
          required
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {reopen.error && <Failure error={reopen.error} />}
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            <Trans>Thôi</Trans>
          </Button>
          <Button type="submit" loading={reopen.isPending} disabled={reason.trim() === ""}>
            <Trans>Mở lại kỳ</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
