/** Short notices in a corner, loaded after the page. */
import "@mantine/notifications/styles.css";
import { useLingui } from "@lingui/react/macro";
import { Notifications } from "@mantine/notifications";

export default function Notices() {
  const { t } = useLingui();
  return <Notifications position="bottom-right" aria-label={t`Thông báo`} />;
}
