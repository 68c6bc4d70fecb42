/** What may be done with an account now, as the API says. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Code, CopyButton, Group, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { http, ifMatch, type Schemas } from "@/api/client";
import { Failure } from "@/components/failure";
import { formatInstant } from "@/lib/format";

const AskDialog = lazy(() => import("@/components/ask-dialog"));

type Account = Schemas["Account"];
type Action = "invite" | "reset" | "lock" | "unlock" | "disable" | "end_sessions";

export function AccountActions({ account }: { account: Account }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [asking, setAsking] = useState<Action>();
  const [link, setLink] = useState<Schemas["Invitation"]>();
  const act = useMutation({
    mutationFn: async (action: Action) => {
      const params = { path: { id: account.id }, header: ifMatch(account.version) };
      const send = {
        invite: () => http.POST("/api/v1/accounts/{id}:invite", { params }),
        reset: () => http.POST("/api/v1/accounts/{id}:reset", { params, body: {} }),
        lock: () => http.POST("/api/v1/accounts/{id}:lock", { params }),
        unlock: () => http.POST("/api/v1/accounts/{id}:unlock", { params }),
        disable: () => http.POST("/api/v1/accounts/{id}:disable", { params }),
        end_sessions: () => http.POST("/api/v1/accounts/{id}/sessions:end", { params }),
      };
      const { data, error } = await send[action]();
      if (error) throw error;
      setLink(data && "url" in data ? data : undefined);
      setAsking(undefined);
    },
    onSettled: () => queries.invalidateQueries(),
  });
  const words: Record<Action, { label: string; what?: string }> = {
    invite: { label: t`Tạo liên kết mời` },
    reset: {
      label: t`Đặt lại mật khẩu`,
      what: t`Mật khẩu hiện tại hết hiệu lực, mọi phiên đăng nhập kết thúc; bạn nhận được một liên kết để gửi cho người này.`,
    },
    lock: {
      label: t`Khóa`,
      what: t`Mọi phiên đăng nhập kết thúc ngay; người này không vào được cho đến khi được mở khóa.`,
    },
    unlock: { label: t`Mở khóa` },
    disable: {
      label: t`Ngừng hẳn`,
      what: t`Người này không bao giờ đăng nhập được bằng tài khoản này nữa. Không thể hoàn tác.`,
    },
    end_sessions: { label: t`Kết thúc mọi phiên` },
  };
  const allowed = (Object.keys(words) as Action[]).filter((action) =>
    (account.allowed_actions as string[]).includes(action),
  );
  const asked = asking && words[asking];
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {allowed.map((action) => (
          <Button
            key={action}
            variant={action === "invite" ? "filled" : "default"}
            loading={act.isPending}
            onClick={() => (words[action].what ? setAsking(action) : act.mutate(action))}
          >
            {words[action].label}
          </Button>
        ))}
      </Group>
      {act.error && !asking && <Failure error={act.error} />}
      {link && (
        <Alert title={t`Gửi liên kết này cho người dùng`} color="blue">
          <Trans>Liên kết dùng được một lần, đến {formatInstant(link.expires_at)}.</Trans>
          <Code block my="xs" className="wrap-anywhere" style={{ whiteSpace: "pre-wrap" }}>
            {link.url}
          </Code>
          <CopyButton value={link.url}>
            {({ copied, copy }) => (
              <Button variant="default" size="compact-md" onClick={copy}>
                {copied ? <Trans>Đã sao chép</Trans> : <Trans>Sao chép</Trans>}
              </Button>
            )}
          </CopyButton>
        </Alert>
      )}
      {asking && asked && (
        <Suspense>
          <AskDialog
            title={asked.label}
            action={asked.label}
            isBusy={act.isPending}
            onConfirm={() => act.mutate(asking)}
            onClose={() => setAsking(undefined)}
          >
            {asked.what}
            {act.error && <Failure error={act.error} />}
          </AskDialog>
        </Suspense>
      )}
    </Stack>
  );
}
