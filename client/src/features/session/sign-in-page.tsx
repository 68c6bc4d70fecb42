import { Trans } from "@lingui/react/macro";
import { Text } from "@mantine/core";
import { signedIn } from "@/api/session";
import { DoorPage } from "./door-page";
import { SignInForm } from "./sign-in-form";

export default function SignInPage() {
  return (
    <DoorPage title={<Trans>Đăng nhập</Trans>}>
      <SignInForm onSignedIn={(token) => signedIn(token, true)} />
      <Text size="sm" c="dimmed" mt="md">
        <Trans>Quên mật khẩu? Người quản lý tài khoản của đơn vị bạn có thể đặt lại.</Trans>
      </Text>
    </DoorPage>
  );
}
