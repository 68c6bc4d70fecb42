/** A step that tells why, and what it will do. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, MultiSelect, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { Failure } from "../failure";
import type { Kind } from "./kind";

type Action = "return" | "correct" | "withdraw";

type Props = {
  kind: Kind;
  action: Action;
  isBusy: boolean;
  error: unknown;
  onClose: () => void;
  onConfirm: (reason: string, places: string[]) => void;
};

export default function ReasonDialog({ kind, action, isBusy, error, onClose, onConfirm }: Props) {
  const { t, i18n } = useLingui();
  const [reason, setReason] = useState("");
  const [places, setPlaces] = useState<string[]>([]);
  const words: Record<Action, { title: string; what: string; button: string }> = {
    return: {
      title: t`Trả lại`,
      what: t`Người ghi sẽ thấy lý do, sửa và gửi lại.`,
      button: t`Trả lại`,
    },
    correct: {
      title: t`Đính chính`,
      what: t`Một bản mới được mở bên cạnh bản đã duyệt. Bản đã duyệt vẫn được tính cho đến khi bản mới được duyệt.`,
      button: t`Mở bản đính chính`,
    },
    withdraw: {
      title: t`Rút bản đã duyệt`,
      what: t`Bản đã duyệt sẽ không còn được tính. Không thể hoàn tác.`,
      button: t`Rút, không thể hoàn tác`,
    },
  };
  const { title, what, button } = words[action];
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": t`Đóng` }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm(
            reason.trim(),
            places.map((name) => `/${name}`),
          );
        }}
      >
        <Stack>
          <Text size="sm">{what}</Text>
          {error !== null && error !== undefined && <Failure error={error} />}
          <Textarea
            label={t`Lý do`}
            required
            autosize
            minRows={3}
            maxLength={2000}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {action === "return" && (
            <MultiSelect
              label={t`Chỗ cần sửa`}
              description={t`Không bắt buộc`}
              data={Object.entries(kind.fields).map(([value, { label }]) => ({
                value,
                label: i18n._(label),
              }))}
              value={places}
              onChange={setPlaces}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              <Trans>Thôi</Trans>
            </Button>
            <Button type="submit" loading={isBusy} disabled={reason.trim() === ""}>
              {button}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
