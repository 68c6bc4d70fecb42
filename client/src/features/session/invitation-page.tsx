/** The link of an invitation or a reset: whoever holds it chooses a password, once. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { http } from "@/api/client";
import { formErrors, sentenceOf } from "@/api/problem";
import { DoorPage } from "./door-page";

export default function InvitationPage({ token, onDone }: { token: string; onDone: () => void }) {
  const { t } = useLingui();
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>();
  const [state, setState] = useState<"open" | "busy" | "done">("open");
  const errors = formErrors(error);

  const accept = async () => {
    setState("busy");
    setError(undefined);
    try {
      const { error } = await http.POST("/api/v1/invitations:accept", {
        body: { token, password },
      });
      setError(error);
      setState(error ? "open" : "done");
    } catch (error) {
      setError(error);
      setState("open");
    }
  };

  if (state === "done") {
    return (
      <DoorPage title={<Trans>Mật khẩu đã được đặt</Trans>}>
        <Button fullWidth onClick={onDone}>
          <Trans>Đến trang đăng nhập</Trans>
        </Button>
      </DoorPage>
    );
  }
  return (
    <DoorPage title={<Trans>Đặt mật khẩu</Trans>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void accept();
        }}
      >
        <Stack>
          <Text size="sm">
            <Trans>Liên kết này dùng được một lần, trong 24 giờ kể từ khi được gửi.</Trans>
          </Text>
          {error !== undefined && !errors.password && (
            <Alert color="red" role="alert">
              {sentenceOf(error)}
            </Alert>
          )}
          <PasswordInput
            label={t`Mật khẩu mới`}
            description={t`Từ 15 ký tự trở lên; vài từ không liên quan với nhau là tốt nhất`}
            autoComplete="new-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={errors.password}
            visibilityToggleButtonProps={{
              "aria-label": t`Hiện hoặc ẩn mật khẩu`,
              tabIndex: 0,
              "aria-hidden": false,
            }}
          />
          <Button type="submit" loading={state === "busy"}>
            <Trans>Đặt mật khẩu</Trans>
          </Button>
        </Stack>
      </form>
    </DoorPage>
  );
}
