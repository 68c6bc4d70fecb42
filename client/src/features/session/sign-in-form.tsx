/** Name, password and, where it is asked for, the code of the second factor. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { http, type Schemas } from "@/api/client";
import { codeOf, sentenceOf } from "@/api/problem";

type Props = {
  /** Who must sign in: nobody else can continue what they began. */
  name?: string;
  onSignedIn: (token: Schemas["SessionToken"]) => void;
};

export function SignInForm({ name, onSignedIn }: Props) {
  const { t } = useLingui();
  const [failure, setFailure] = useState<string>();
  const [asksForCode, setAsksForCode] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const codeInput = useRef<HTMLInputElement>(null);

  const minutes = (answer: Response) =>
    Math.ceil(Number(answer.headers.get("Retry-After") ?? 60) / 60);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const read = (field: string) => String(typed.get(field) ?? "");
    setIsBusy(true);
    setFailure(undefined);
    try {
      const body = {
        name: read("name").trim(),
        password: read("password"),
        code: asksForCode ? read("code").replaceAll(" ", "") : null,
      };
      const { data, error, response } = await http.POST("/api/v1/sessions", { body });
      if (data) return onSignedIn(data);
      if (codeOf(error) === "second_factor_needed") {
        if (asksForCode)
          setFailure(
            t`Mã không đúng, đã hết hạn hoặc đã được dùng. Hãy đợi mã tiếp theo rồi thử lại.`,
          );
        setAsksForCode(true);
        setTimeout(() => codeInput.current?.focus());
      } else if (codeOf(error) === "too_many_attempts") {
        const wait = minutes(response);
        setFailure(
          t`Đăng nhập sai quá nhiều lần nên tạm khóa. Hãy thử lại sau ${wait} phút, hoặc nhờ người quản lý tài khoản đặt lại mật khẩu.`,
        );
      } else setFailure(sentenceOf(error));
    } catch (error) {
      setFailure(sentenceOf(error));
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <form onSubmit={submit}>
      <Stack>
        {failure && (
          <Alert color="red" role="alert">
            {failure}
          </Alert>
        )}
        <TextInput
          label={t`Tên đăng nhập`}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          readOnly={name !== undefined}
          autoFocus={name === undefined}
          name="name"
          defaultValue={name}
        />
        <PasswordInput
          label={t`Mật khẩu`}
          autoComplete="current-password"
          required
          autoFocus={name !== undefined}
          data-autofocus={name !== undefined || undefined}
          visibilityToggleButtonProps={{
            "aria-label": t`Hiện hoặc ẩn mật khẩu`,
            tabIndex: 0,
            "aria-hidden": false,
          }}
          name="password"
        />
        {asksForCode && (
          <TextInput
            ref={codeInput}
            label={t`Mã xác thực`}
            description={t`Sáu chữ số trong ứng dụng xác thực, hoặc một mã khôi phục`}
            autoComplete="one-time-code"
            inputMode="text"
            required
            name="code"
          />
        )}
        <Button type="submit" loading={isBusy} fullWidth>
          <Trans>Đăng nhập</Trans>
        </Button>
      </Stack>
    </form>
  );
}
