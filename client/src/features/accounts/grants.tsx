/** The roles of an account, each on a unit and all below it, from a day to a day. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Select, SimpleGrid, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, ifMatch } from "@/api/client";
import { byCursor } from "@/api/pages";
import { formErrors } from "@/api/problem";
import { useHolds } from "@/components/account";
import { DayInput } from "@/components/day-input";
import { Failure } from "@/components/failure";
import { useRoles } from "@/components/names";
import { PagedTable } from "@/components/paged";
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
  const remove = api.useMutation("delete", "/api/v1/grants/{id}", {
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <Stack>
      <PagedTable
        pages={pages}
        nothing={<Trans>Chưa được giao vai trò nào</Trans>}
        count={2}
        label={t`Vai trò được giao`}
        keyOf={({ id }) => id}
        columns={[
          { label: t`Vai trò`, show: ({ role }) => nameOf(role) },
          {
            label: t`Đơn vị`,
            show: ({ unit }) => (unit ? <UnitLink code={unit} /> : <Trans>toàn hệ thống</Trans>),
          },
          { label: t`Từ ngày`, show: ({ from }) => (from ? formatDay(from) : "–") },
          { label: t`Đến hết ngày`, show: ({ to }) => (to ? formatDay(lastDay(to)) : "–") },
          {
            label: t`Thao tác`,
            isLabelHidden: true,
            show: ({ id, version, allowed_actions }) =>
              allowed_actions.includes("delete") && (
                <Button
                  variant="default"
                  size="compact-sm"
                  loading={remove.isPending}
                  onClick={() =>
                    remove.mutate({ params: { path: { id }, header: ifMatch(version) } })
                  }
                >
                  <Trans>Thu hồi</Trans>
                </Button>
              ),
          },
        ]}
      />
      {remove.error && <Failure error={remove.error} />}
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
