import { Trans } from "@lingui/react/macro";
import { Alert, Text } from "@mantine/core";
import { useSyncExternalStore } from "react";
import { isEnding, signedIn, subscribe } from "@/api/session";
import { DoorPage } from "./door-page";
import { SignInForm } from "./sign-in-form";

export default function SignInPage() {
  const hasNotEnded = useSyncExternalStore(subscribe, isEnding);
  return (
    <DoorPage title={<Trans>Đăng nhập</Trans>}>
      {hasNotEnded && (
        <Alert color="orange" role="status" mb="md">
          <Trans>
            Bạn đã đăng xuất trên máy này, nhưng chưa báo được cho máy chủ. Phiên sẽ kết thúc ngay
            khi có mạng trở lại; cho đến lúc đó, đừng giao máy cho người khác.
          </Trans>
        </Alert>
      )}
      <SignInForm onSignedIn={(token) => signedIn(token, true)} />
      <Text size="sm" c="dimmed" mt="md">
        <Trans>Quên mật khẩu? Người quản lý tài khoản của đơn vị bạn có thể đặt lại.</Trans>
      </Text>
    </DoorPage>
  );
}
