/** One account of another system: what it may do, its secrets, and how it is stopped. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Code, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { api, ifMatch, type Schemas } from "@/api/client";
import { Facts } from "@/components/facts";
import { Failure } from "@/components/failure";
import { usePermissionSentence } from "@/components/names";
import { Page, Pending, Section } from "@/components/page";
import { UnitLink } from "@/components/unit-link";
import { formatDay, formatInstant, lastDay } from "@/lib/format";
import { Secrets } from "./secrets";

const AskDialog = lazy(() => import("@/components/ask-dialog"));
const ServiceForm = lazy(() =>
  import("./service-form").then((module) => ({ default: module.ServiceForm })),
);

export default function ServicePage() {
  const { t } = useLingui();
  const sentence = usePermissionSentence();
  const id = Number(useParams({ from: "/service-accounts/$id" }).id);
  const [isEditing, editing] = useDisclosure();
  const params = { path: { id } };
  const query = api.useQuery("get", "/api/v1/service_accounts/{id}", { params });
  const { data } = query;
  if (!data) return <Pending query={query} />;
  return (
    <Page title={data.name}>
      <Stack key={id} maw={900} gap="lg">
        <Facts
          facts={[
            [t`Mã của hệ thống`, <Code key="id">{data.client_id}</Code>],
            [t`Trạng thái`, data.disabled ? t`Tạm ngừng` : t`Đang dùng`],
            [t`Đơn vị`, data.unit ? <UnitLink key="unit" code={data.unit} /> : t`toàn hệ thống`],
            [t`Được làm gì`, data.scopes.map((one) => <div key={one}>{sentence(one)}</div>)],
            [t`Được gọi từ`, data.addresses.join(", ") || t`bất cứ đâu`],
            [t`Hiệu lực đến hết ngày`, data.valid_to && formatDay(lastDay(data.valid_to))],
            [t`Dùng lần cuối`, data.used_at ? formatInstant(data.used_at) : t`chưa lần nào`],
          ]}
        />
        {isEditing ? (
          <Suspense>
            <ServiceForm
              service={data}
              onClose={editing.close}
              onSaved={async () => editing.close()}
            />
          </Suspense>
        ) : (
          <Actions service={data} onEdit={editing.open} />
        )}
        <Section title={<Trans>Khóa bí mật</Trans>}>
          <Secrets service={data} />
        </Section>
      </Stack>
    </Page>
  );
}

type ActionsProps = { service: Schemas["ServiceAccount"]; onEdit: () => void };

/** Changed, stopped for now, or removed where it was never used. */
function Actions({ service, onEdit }: ActionsProps) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, asking] = useDisclosure();
  const params = { path: { id: service.id }, header: ifMatch(service.version) };
  const change = api.useMutation("patch", "/api/v1/service_accounts/{id}", {
    onSettled: () => queries.invalidateQueries(),
  });
  const remove = api.useMutation("delete", "/api/v1/service_accounts/{id}", {
    onSuccess: async () => {
      await navigate({ to: "/service-accounts" });
      await queries.invalidateQueries();
    },
  });
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {service.allowed_actions.includes("edit") && (
          <Button variant="default" onClick={onEdit}>
            <Trans>Sửa</Trans>
          </Button>
        )}
        {service.allowed_actions.includes("edit") && (
          <Button
            variant="default"
            loading={change.isPending}
            onClick={() => change.mutate({ params, body: { disabled: !service.disabled } })}
          >
            {service.disabled ? <Trans>Cho dùng lại</Trans> : <Trans>Tạm ngừng</Trans>}
          </Button>
        )}
        {service.allowed_actions.includes("delete") && (
          <Button variant="default" c="var(--mantine-color-error)" onClick={asking.open}>
            <Trans>Xóa hẳn</Trans>
          </Button>
        )}
      </Group>
      {change.error && <Failure error={change.error} />}
      {isAsking && (
        <Suspense>
          <AskDialog
            title={t`Không thể hoàn tác`}
            action={t`Xóa “${service.name}”`}
            isBusy={remove.isPending}
            onConfirm={() => remove.mutate({ params })}
            onClose={asking.close}
          >
            <Trans>
              Tài khoản này và các khóa bí mật của nó bị xóa. Tài khoản đã được dùng thì không xóa
              được, chỉ tạm ngừng.
            </Trans>
            {remove.error && <Failure error={remove.error} />}
          </AskDialog>
        </Suspense>
      )}
    </Stack>
  );
}
