/** Decisions that changed the tree, and those that will. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Group, NativeSelect, Table, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";
import { useHolds } from "@/components/account";
import { Empty } from "@/components/empty";
import { ButtonLink, TextLink } from "@/components/link";
import { More } from "@/components/more";
import { Page, Pending } from "@/components/page";
import { formatDay, formatNumber } from "@/lib/format";
import { type ReorganisationState, useStateNames } from "./states";

export default function ReorganisationsPage() {
  const { t } = useLingui();
  const { state } = useSearch({ from: "/reorganisations" });
  const navigate = useNavigate({ from: "/reorganisations" });
  const mayReorganise = useHolds("units:reorganise");
  const names = useStateNames();
  const query = { state, limit: 50 };
  const pages = api.useInfiniteQuery(
    "get",
    "/api/v1/reorganisations",
    { params: { query } },
    byCursor,
  );
  const items = allItems(pages.data);
  const states = Object.entries(names).map(([value, label]) => ({ value, label }));
  return (
    <Page
      title={t`Quyết định sắp xếp`}
      actions={
        <Group gap="xs">
          <NativeSelect
            aria-label={t`Trạng thái`}
            data={[{ value: "", label: t`Tất cả` }, ...states]}
            value={state ?? ""}
            onChange={(event) => {
              const next = (event.currentTarget.value || undefined) as typeof state;
              void navigate({ search: (old) => ({ ...old, state: next }), replace: true });
            }}
          />
          {mayReorganise && (
            <ButtonLink to="/reorganisations/new">
              <Trans>Ghi quyết định</Trans>
            </ButtonLink>
          )}
        </Group>
      }
    >
      {!pages.data && <Pending query={pages} />}
      {pages.data && items.length === 0 && <Empty title={<Trans>Không có quyết định nào</Trans>} />}
      {items.length > 0 && (
        <Table aria-label={t`Quyết định sắp xếp`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t`Ngày hiệu lực`}</Table.Th>
              <Table.Th>{t`Văn bản`}</Table.Th>
              <Table.Th ta="end">{t`Số dòng`}</Table.Th>
              <Table.Th>{t`Trạng thái`}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <TextLink to="/reorganisations/$id" params={{ id: String(one.id) }}>
                    {one.effective_on ? formatDay(one.effective_on) : t`Trước khi có số liệu`}
                  </TextLink>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" className="wrap-anywhere">
                    {[one.document?.number, one.document?.title].filter(Boolean).join(" · ")}
                  </Text>
                </Table.Td>
                <Table.Td ta="end">{formatNumber(one.lines_total)}</Table.Td>
                <Table.Td>
                  <Badge tt="none" variant="default" miw="max-content">
                    {names[one.state as ReorganisationState]}
                  </Badge>
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
