/** The secrets of an account of another system: a new one is shown once. Two may live while one replaces the other. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Alert, Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { Failure } from "@/components/failure";
import { Pending } from "@/components/page";
import { formatInstant } from "@/lib/format";

const AskDialog = lazy(() => import("@/components/ask-dialog"));

export function Secrets({ service }: { service: Schemas["ServiceAccount"] }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<number>();
  const { id } = service;
  const header = ifMatch(service.version);
  const renewed = { onSettled: () => queries.invalidateQueries() };
  const address = "/api/v1/service_accounts/{id}/secrets";
  const query = api.useQuery("get", address, { params: { path: { id } } });
  const make = api.useMutation("post", address, renewed);
  const remove = api.useMutation("delete", `${address}/{secret}`, {
    ...renewed,
    onSuccess: () => setAsked(undefined),
  });
  const { data } = query;
  if (!data) return <Pending query={query} count={2} />;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        <Trans>
          Muốn thay: tạo khóa thứ hai, đưa nó vào hệ thống kia, rồi xóa khóa cũ. Khóa không được lưu
          ở đâu cả.
        </Trans>
      </Text>
      {make.data && (
        <Alert color="blue" title={t`Hãy chép khóa này ngay: nó không được hiện lại`}>
          <Code block className="wrap-anywhere" style={{ whiteSpace: "pre-wrap" }}>
            {make.data.secret}
          </Code>
          <CopyButton value={make.data.secret}>
            {({ copied, copy }) => (
              <Button mt="xs" variant="default" size="compact-md" onClick={copy}>
                {copied ? <Trans>Đã sao chép</Trans> : <Trans>Sao chép</Trans>}
              </Button>
            )}
          </CopyButton>
        </Alert>
      )}
      {data.items.map((secret) => (
        <Group key={secret.id} justify="space-between" gap="xs">
          <div>
            <Text size="sm">
              <Trans>Tạo lúc {formatInstant(secret.created_at)}</Trans>
            </Text>
            <Text size="xs" c="dimmed">
              {secret.used_at ? (
                <Trans>dùng lần cuối {formatInstant(secret.used_at)}</Trans>
              ) : (
                <Trans>chưa lần nào</Trans>
              )}
            </Text>
          </div>
          {service.allowed_actions.includes("add_secret") && (
            <Button variant="default" size="compact-md" onClick={() => setAsked(secret.id)}>
              <Trans>Xóa khóa</Trans>
            </Button>
          )}
        </Group>
      ))}
      {make.error && <Failure error={make.error} />}
      {service.allowed_actions.includes("add_secret") && data.items.length < 2 && (
        <Button
          style={{ alignSelf: "flex-start" }}
          loading={make.isPending}
          onClick={() => make.mutate({ params: { path: { id }, header } })}
        >
          <Trans>Tạo khóa bí mật</Trans>
        </Button>
      )}
      {asked !== undefined && (
        <Suspense>
          <AskDialog
            title={t`Không thể hoàn tác`}
            action={t`Xóa khóa`}
            isBusy={remove.isPending}
            onConfirm={() => remove.mutate({ params: { path: { id, secret: asked }, header } })}
            onClose={() => setAsked(undefined)}
          >
            <Trans>Hệ thống kia không lấy được quyền vào bằng khóa này nữa.</Trans>
            {remove.error && <Failure error={remove.error} />}
          </AskDialog>
        </Suspense>
      )}
    </Stack>
  );
}
