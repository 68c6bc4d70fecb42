/** The session has ended, the page has not: the same person signs in again and goes on where they were. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Text } from "@mantine/core";
import { signedIn, signOut } from "@/api/session";
import { SignInForm } from "./sign-in-form";

export default function ExpiryDialog({ name }: { name: string }) {
  const { t } = useLingui();
  return (
    <Modal
      opened
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      onClose={() => {}}
      title={t`Phiên đăng nhập đã kết thúc`}
      zIndex={500}
    >
      <Text size="sm" mb="md">
        <Trans>
          Hãy đăng nhập lại để tiếp tục. Những gì bạn đã nhập trên trang này vẫn còn nguyên.
        </Trans>
      </Text>
      <SignInForm name={name} onSignedIn={(token) => signedIn(token, false)} />
      <Button variant="subtle" fullWidth mt="sm" onClick={() => signOut()}>
        <Trans>Đăng nhập bằng tài khoản khác</Trans>
      </Button>
    </Modal>
  );
}
