/** Accounts of people that my units keep; and a new one. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Paper, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";
import { formErrors } from "@/api/problem";
import { useHolds } from "@/components/account";
import { Empty } from "@/components/empty";
import { Failure } from "@/components/failure";
import { TextLink } from "@/components/link";
import { More } from "@/components/more";
import { Page, Pending } from "@/components/page";
import { UnitName } from "@/components/unit-link";
import { UnitPicker } from "@/components/unit-picker";
import { AccountStateBadge } from "./account-state";

export default function AccountsPage() {
  const { t } = useLingui();
  const [name, setName] = useState("");
  const [isAdding, adding] = useDisclosure();
  const mayManage = useHolds("accounts:manage");
  const query = { name: name.trim().toLowerCase() || undefined, limit: 50 };
  const pages = api.useInfiniteQuery("get", "/api/v1/accounts", { params: { query } }, byCursor);
  const items = allItems(pages.data);
  return (
    <Page
      title={t`Tài khoản`}
      actions={
        mayManage && (
          <Button leftSection={<Plus aria-hidden size={16} />} onClick={adding.toggle}>
            <Trans>Thêm tài khoản</Trans>
          </Button>
        )
      }
    >
      {isAdding && <NewAccount onClose={adding.close} />}
      <TextInput
        label={t`Tên đăng nhập bắt đầu bằng`}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maw={360}
      />
      {!pages.data && <Pending query={pages} />}
      {pages.data && items.length === 0 && <Empty title={<Trans>Không có tài khoản nào</Trans>} />}
      {items.length > 0 && (
        <Table aria-label={t`Tài khoản`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t`Tên đăng nhập`}</Table.Th>
              <Table.Th visibleFrom="sm">{t`Tên hiển thị`}</Table.Th>
              <Table.Th visibleFrom="sm">{t`Đơn vị`}</Table.Th>
              <Table.Th>{t`Trạng thái`}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((account) => (
              <Table.Tr key={account.id}>
                <Table.Td className="wrap-anywhere">
                  <TextLink to="/accounts/$id" params={{ id: String(account.id) }}>
                    {account.name}
                  </TextLink>
                </Table.Td>
                <Table.Td visibleFrom="sm">{account.display_name}</Table.Td>
                <Table.Td visibleFrom="sm">
                  <Text size="sm">{account.unit && <UnitName code={account.unit} />}</Text>
                </Table.Td>
                <Table.Td>
                  <AccountStateBadge state={account.state} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <More pages={pages} />
    </Page>
  );
}

function NewAccount({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [unit, setUnit] = useState("");
  const create = api.useMutation("post", "/api/v1/accounts", {
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries();
      await navigate({ to: "/accounts/$id", params: { id: String(id) } });
    },
  });
  const errors = formErrors(create.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const read = (field: string) => String(typed.get(field) ?? "").trim();
    const body = {
      name: read("name"),
      display_name: read("display_name") || null,
      unit: unit || null,
    };
    create.mutate({ body });
  };
  return (
    <Paper component="section" withBorder p="md" maw={560} aria-label={t`Thêm tài khoản`}>
      <form onSubmit={submit}>
        <Stack>
          {create.error && Object.keys(errors).length === 0 && <Failure error={create.error} />}
          <TextInput
            name="name"
            label={t`Tên đăng nhập`}
            description={t`Chữ thường không dấu, chữ số, dấu chấm; sau này không đổi được`}
            required
            autoComplete="off"
            error={errors.name}
          />
          <TextInput name="display_name" label={t`Tên hiển thị`} error={errors.display_name} />
          <UnitPicker
            label={t`Đơn vị quản lý tài khoản`}
            value={unit}
            onChange={setUnit}
            error={errors.unit}
          />
          <Group>
            <Button type="submit" loading={create.isPending}>
              <Trans>Thêm</Trans>
            </Button>
            <Button variant="default" onClick={onClose}>
              <Trans>Thôi</Trans>
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
