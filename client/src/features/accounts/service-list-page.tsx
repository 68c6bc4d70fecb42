/** Accounts of other systems that my units keep; and a new one. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Button, Stack, Table } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { api } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";
import { Empty } from "@/components/empty";
import { TextLink } from "@/components/link";
import { More } from "@/components/more";
import { Page, Pending } from "@/components/page";
import { UnitName } from "@/components/unit-link";
import { formatInstant } from "@/lib/format";
import { ServiceForm } from "./service-form";

export default function ServicesPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [isAdding, adding] = useDisclosure();
  const params = { query: { limit: 50 } };
  const pages = api.useInfiniteQuery("get", "/api/v1/service_accounts", { params }, byCursor);
  const items = allItems(pages.data);
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
        {!pages.data && <Pending query={pages} count={4} />}
        {pages.data && items.length === 0 && (
          <Empty title={<Trans>Chưa có hệ thống nào</Trans>}>
            <Trans>
              Phần mềm nhân sự, thẻ đoàn viên, kho dữ liệu… vào qua giao diện lập trình bằng tài
              khoản riêng, với những quyền mà bạn cho.
            </Trans>
          </Empty>
        )}
        {items.length > 0 && (
          <Table aria-label={t`Hệ thống khác`}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t`Tên`}</Table.Th>
                <Table.Th visibleFrom="sm">{t`Đơn vị`}</Table.Th>
                <Table.Th>{t`Dùng lần cuối`}</Table.Th>
                <Table.Th>{t`Trạng thái`}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td className="wrap-anywhere">
                    <TextLink to="/service-accounts/$id" params={{ id: String(one.id) }}>
                      {one.name}
                    </TextLink>
                  </Table.Td>
                  <Table.Td visibleFrom="sm">
                    {one.unit ? <UnitName code={one.unit} /> : <Trans>toàn hệ thống</Trans>}
                  </Table.Td>
                  <Table.Td>{one.used_at ? formatInstant(one.used_at) : t`chưa lần nào`}</Table.Td>
                  <Table.Td>
                    <Badge tt="none" variant="default" miw="max-content">
                      {one.disabled ? t`Tạm ngừng` : t`Đang dùng`}
                    </Badge>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <More pages={pages} />
      </Stack>
    </Page>
  );
}
