/** The roles of an account, each on a unit and all below it, from a day to a day. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Select, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, ifMatch } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";
import { formErrors } from "@/api/problem";
import { useHolds } from "@/components/account";
import { DayInput } from "@/components/day-input";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { useRoles } from "@/components/names";
import { Pending } from "@/components/page";
import { UnitLink } from "@/components/unit-link";
import { UnitPicker } from "@/components/unit-picker";
import { formatDay, lastDay } from "@/lib/format";

export function Grants({ account }: { account: number }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const { nameOf } = useRoles();
  const mayManage = useHolds("accounts:manage");
  const query = { account, limit: 100 };
  const pages = api.useInfiniteQuery("get", "/api/v1/grants", { params: { query } }, byCursor);
  const items = allItems(pages.data);
  const remove = api.useMutation("delete", "/api/v1/grants/{id}", {
    onSettled: () => queries.invalidateQueries(),
  });
  if (!pages.data) return <Pending query={pages} count={2} />;
  return (
    <Stack>
      {items.length === 0 && (
        <Text c="dimmed">
          <Trans>Chưa được giao vai trò nào.</Trans>
        </Text>
      )}
      {items.length > 0 && (
        <Table aria-label={t`Vai trò được giao`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t`Vai trò`}</Table.Th>
              <Table.Th>{t`Đơn vị`}</Table.Th>
              <Table.Th>{t`Từ ngày`}</Table.Th>
              <Table.Th>{t`Đến hết ngày`}</Table.Th>
              <Table.Th aria-label={t`Thao tác`} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((grant) => (
              <Table.Tr key={grant.id}>
                <Table.Td>{nameOf(grant.role)}</Table.Td>
                <Table.Td>
                  {grant.unit ? <UnitLink code={grant.unit} /> : <Trans>toàn hệ thống</Trans>}
                </Table.Td>
                <Table.Td>{grant.from ? formatDay(grant.from) : "–"}</Table.Td>
                <Table.Td>{grant.to ? formatDay(lastDay(grant.to)) : "–"}</Table.Td>
                <Table.Td>
                  {grant.allowed_actions.includes("delete") && (
                    <Button
                      variant="default"
                      size="compact-sm"
                      loading={remove.isPending}
                      onClick={() =>
                        remove.mutate({
                          params: { path: { id: grant.id }, header: ifMatch(grant.version) },
                        })
                      }
                    >
                      <Trans>Thu hồi</Trans>
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {remove.error && <Failure error={remove.error} />}
      <More pages={pages} />
      {mayManage && <NewGrant account={account} />}
    </Stack>
  );
}

const NOTHING = { role: "", unit: "", from: "", to: "" };

function NewGrant({ account }: { account: number }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const { roles } = useRoles();
  const [grant, setGrant] = useState(NOTHING);
  const set = (change: Partial<typeof NOTHING>) => setGrant((old) => ({ ...old, ...change }));
  const give = api.useMutation("post", "/api/v1/grants", {
    onSuccess: async () => {
      setGrant(NOTHING);
      await queries.invalidateQueries();
    },
  });
  const errors = formErrors(give.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { role, unit, from, to } = grant;
    const body = {
      account_id: account,
      role,
      unit: unit || null,
      from: from || null,
      to: to || null,
    };
    give.mutate({ body });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t`Vai trò`}
            data={roles}
            required
            value={grant.role || null}
            onChange={(role) => set({ role: role ?? "" })}
            error={errors.role}
          />
          <UnitPicker
            label={t`Ở đơn vị và mọi đơn vị thuộc nó`}
            description={t`Để trống: toàn hệ thống`}
            value={grant.unit}
            onChange={(unit) => set({ unit })}
            error={errors.unit}
          />
          <DayInput
            label={t`Từ ngày`}
            value={grant.from}
            onChange={(from) => set({ from })}
            error={errors.from}
            clearable
          />
          <DayInput
            label={t`Ngày đầu tiên không còn hiệu lực`}
            value={grant.to}
            onChange={(to) => set({ to })}
            error={errors.to}
            clearable
          />
        </SimpleGrid>
        {give.error && <Failure error={give.error} />}
        <Group>
          <Button type="submit" loading={give.isPending} disabled={grant.role === ""}>
            <Trans>Giao vai trò</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
