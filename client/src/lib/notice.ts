import { t } from "@lingui/core/macro";

/** Tells that something was done. */
export async function notice(message: string): Promise<void> {
  const { notifications } = await import("@mantine/notifications");
  const closeButtonProps = { "aria-label": t`Đóng` };
  notifications.show({ message, color: "green", closeButtonProps });
}
