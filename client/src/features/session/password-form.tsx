import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { api } from "@/api/client";
import { formErrors } from "@/api/problem";
import { Failure } from "@/components/failure";
import { notice } from "@/lib/notice";

export function PasswordForm() {
  const { t } = useLingui();
  const form = useForm({ initialValues: { current: "", new: "" } });
  const change = api.useMutation("put", "/api/v1/account/password", {
    onSuccess: () => {
      form.reset();
      notice(t`Đã đổi mật khẩu`);
    },
    onError: (error) => form.setErrors(formErrors(error)),
  });
  const eye = {
    "aria-label": t`Hiện hoặc ẩn mật khẩu`,
    tabIndex: 0,
    "aria-hidden": false,
  } as const;
  return (
    <form onSubmit={form.onSubmit((body) => change.mutate({ body }))}>
      <Stack maw={420}>
        {change.error && Object.keys(formErrors(change.error)).length === 0 && (
          <Failure error={change.error} />
        )}
        <PasswordInput
          label={t`Mật khẩu hiện tại`}
          autoComplete="current-password"
          required
          visibilityToggleButtonProps={eye}
          {...form.getInputProps("current")}
        />
        <PasswordInput
          label={t`Mật khẩu mới`}
          description={t`Từ 15 ký tự (8 khi đã bật xác thực hai bước)`}
          autoComplete="new-password"
          required
          visibilityToggleButtonProps={eye}
          {...form.getInputProps("new")}
        />
        <Button type="submit" loading={change.isPending} style={{ alignSelf: "flex-start" }}>
          <Trans>Đổi mật khẩu</Trans>
        </Button>
      </Stack>
    </form>
  );
}
