/** Saves what a form holds; tells what is not saved yet, and where it is kept meanwhile. Always in view, on phones too. */
import { Trans } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { formatInstant } from "@/lib/format";
import styles from "./save-bar.module.css";

type Props = {
  isDirty: boolean;
  /** When the draft was last kept on this device. */
  keptAt: number | undefined;
  onDiscard: () => void;
  /** The buttons. */
  children: ReactNode;
};

export function SaveBar({ isDirty, keptAt, onDiscard, children }: Props) {
  const kept = keptAt && formatInstant(new Date(keptAt).toISOString());
  return (
    <div className={styles.bar}>
      <Group gap="xs">
        {children}
        {isDirty && (
          <Text size="sm" c="dimmed" role="status">
            {kept ? (
              <Trans>Chưa lưu · đã giữ trên máy này lúc {kept}</Trans>
            ) : (
              <Trans>Chưa lưu</Trans>
            )}
          </Text>
        )}
        {isDirty && kept && (
          <Button variant="subtle" size="compact-sm" onClick={onDiscard}>
            <Trans>Bỏ những gì đã nhập</Trans>
          </Button>
        )}
      </Group>
    </div>
  );
}
