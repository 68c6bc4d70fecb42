/** Tells that something was done. */
export async function notice(message: string): Promise<void> {
  const { notifications } = await import("@mantine/notifications");
  notifications.show({ message, color: "green" });
}
