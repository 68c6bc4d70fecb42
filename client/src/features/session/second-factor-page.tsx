/** Whoever must have a second factor and has none sets it up before anything else. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Code, CopyButton, List, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { renderSVG } from "uqr";
import { api, http } from "@/api/client";
import { formErrors } from "@/api/problem";
import { signOut } from "@/api/session";
import { Failure } from "@/components/failure";
import { DoorPage } from "./door-page";

export default function SecondFactorPage() {
  return (
    <DoorPage title={<Trans>Thiết lập xác thực hai bước</Trans>}>
      <SecondFactorSetup />
      <Button variant="subtle" mt="md" fullWidth onClick={() => signOut()}>
        <Trans>Đăng xuất</Trans>
      </Button>
    </DoorPage>
  );
}

export function SecondFactorSetup() {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [code, setCode] = useState("");
  // A new secret is made only when somebody asks for it: the page may be loaded twice.
  const offer = api.useMutation("post", "/api/v1/account/second_factor");
  const confirm = useMutation({
    mutationFn: async () => {
      const body = { code: code.replaceAll(" ", "") };
      const { data, error } = await http.POST("/api/v1/account/second_factor:confirm", { body });
      if (error) throw error;
      return data.codes;
    },
  });

  if (confirm.data) {
    const text = confirm.data.join("\n");
    return (
      <Stack>
        <Alert color="green" title={t`Đã bật xác thực hai bước`}>
          <Trans>
            Hãy cất mười mã khôi phục này ở nơi an toàn. Mỗi mã dùng được một lần khi bạn không có
            điện thoại. Chúng không được hiện lại.
          </Trans>
        </Alert>
        <Code block>{text}</Code>
        <Stack gap="xs">
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? <Trans>Đã sao chép</Trans> : <Trans>Sao chép</Trans>}
              </Button>
            )}
          </CopyButton>
          <Button onClick={() => queries.invalidateQueries()}>
            <Trans>Tôi đã cất, tiếp tục</Trans>
          </Button>
        </Stack>
      </Stack>
    );
  }

  if (!offer.data) {
    return (
      <Stack>
        <Text>
          <Trans>
            Tài khoản của bạn có quyền quản lý nên cần thêm một bước khi đăng nhập: mã sáu chữ số từ
            ứng dụng xác thực trên điện thoại (Google Authenticator, Microsoft Authenticator, …).
          </Trans>
        </Text>
        {offer.error && <Failure error={offer.error} />}
        <Button loading={offer.isPending} onClick={() => offer.mutate({})}>
          <Trans>Bắt đầu</Trans>
        </Button>
      </Stack>
    );
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate();
      }}
    >
      <Stack>
        <List type="ordered" spacing="xs">
          <List.Item>
            <Trans>Mở ứng dụng xác thực và quét hình này.</Trans>
          </List.Item>
          <List.Item>
            <Trans>Nhập mã sáu chữ số mà ứng dụng hiện ra.</Trans>
          </List.Item>
        </List>
        <img
          alt={t`Hình để ứng dụng xác thực quét`}
          width={220}
          height={220}
          style={{ alignSelf: "center", background: "#fff" }}
          src={`data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(offer.data.uri))}`}
        />
        <Text size="sm" ta="center">
          <Trans>Không quét được? Nhập khóa này vào ứng dụng:</Trans>
          <br />
          <Code className="wrap-anywhere">{offer.data.secret}</Code>
        </Text>
        <TextInput
          label={t`Mã xác thực`}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          error={confirm.error ? (formErrors(confirm.error).code ?? true) : undefined}
          autoComplete="one-time-code"
          inputMode="numeric"
          required
        />
        {confirm.error && !formErrors(confirm.error).code && <Failure error={confirm.error} />}
        <Button type="submit" loading={confirm.isPending}>
          <Trans>Xác nhận</Trans>
        </Button>
      </Stack>
    </form>
  );
}
