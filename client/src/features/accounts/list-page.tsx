/** Accounts of people that my units keep; and a new one. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Paper, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import { byCursor } from "@/api/pages";
import { formErrors } from "@/api/problem";
import { useHolds } from "@/components/account";
import { Failure } from "@/components/failure";
import { TextLink } from "@/components/link";
import { Page } from "@/components/page";
import { PagedTable } from "@/components/paged";
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
      <PagedTable
        pages={pages}
        isFiltered={query.name !== undefined}
        label={t`Tài khoản`}
        keyOf={({ id }) => id}
        columns={[
          {
            label: t`Tên đăng nhập`,
            show: ({ id, name }) => (
              <TextLink to="/accounts/$id" params={{ id: String(id) }}>
                {name}
              </TextLink>
            ),
            isLong: true,
          },
          { label: t`Tên hiển thị`, show: ({ display_name }) => display_name, isWide: true },
          {
            label: t`Đơn vị`,
            show: ({ unit }) => unit && <UnitName code={unit} />,
            isWide: true,
          },
          { label: t`Trạng thái`, show: ({ state }) => <AccountStateBadge state={state} /> },
        ]}
      />
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
