/** A question before something that can't be undone, or that leaves something behind. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

type Props = {
  title: string;
  children: ReactNode;
  /** The button that does it, named by what it does. */
  action: string;
  isBusy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
};

export default function AskDialog({ title, children, action, isBusy, onConfirm, onClose }: Props) {
  const { t } = useLingui();
  const closeButton = { "aria-label": t`Đóng` };
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={closeButton}>
      <Stack>
        <Text size="sm" component="div">
          {children}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            <Trans>Thôi</Trans>
          </Button>
          <Button loading={isBusy} onClick={onConfirm}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
