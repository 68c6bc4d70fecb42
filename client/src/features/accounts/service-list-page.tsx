/** Accounts of other systems that my units keep; and a new one. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Button, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { api } from "@/api/client";
import { byCursor } from "@/api/pages";
import { TextLink } from "@/components/link";
import { Page } from "@/components/page";
import { PagedTable } from "@/components/paged";
import { UnitName } from "@/components/unit-link";
import { formatInstant } from "@/lib/format";
import { ServiceForm } from "./service-form";

export default function ServicesPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [isAdding, adding] = useDisclosure();
  const params = { query: { limit: 50 } };
  const pages = api.useInfiniteQuery("get", "/api/v1/service_accounts", { params }, byCursor);
  return (
    <Page
      title={t`Hệ thống khác`}
      actions={
        <Button leftSection={<Plus aria-hidden size={16} />} onClick={adding.toggle}>
          <Trans>Thêm hệ thống</Trans>
        </Button>
      }
    >
      <Stack>
        {isAdding && (
          <ServiceForm
            onClose={adding.close}
            onSaved={({ id }) =>
              navigate({ to: "/service-accounts/$id", params: { id: String(id) } })
            }
          />
        )}
        <PagedTable
          pages={pages}
          nothing={<Trans>Chưa có hệ thống nào</Trans>}
          hint={
            <Trans>
              Phần mềm nhân sự, thẻ đoàn viên, kho dữ liệu… vào qua giao diện lập trình bằng tài
              khoản riêng, với những quyền mà bạn cho.
            </Trans>
          }
          label={t`Hệ thống khác`}
          keyOf={({ id }) => id}
          columns={[
            {
              label: t`Tên`,
              show: ({ id, name }) => (
                <TextLink to="/service-accounts/$id" params={{ id: String(id) }}>
                  {name}
                </TextLink>
              ),
              isLong: true,
            },
            {
              label: t`Đơn vị`,
              show: ({ unit }) => (unit ? <UnitName code={unit} /> : <Trans>toàn hệ thống</Trans>),
              isWide: true,
            },
            {
              label: t`Dùng lần cuối`,
              show: ({ used_at }) => (used_at ? formatInstant(used_at) : t`chưa lần nào`),
            },
            {
              label: t`Trạng thái`,
              show: ({ disabled }) => (
                <Badge tt="none" variant="default" miw="max-content">
                  {disabled ? t`Tạm ngừng` : t`Đang dùng`}
                </Badge>
              ),
            },
          ]}
        />
      </Stack>
    </Page>
  );
}
