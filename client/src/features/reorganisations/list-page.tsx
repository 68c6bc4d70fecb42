/** Decisions that changed the tree, and those that will. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Box, Group, NativeSelect } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api, type Schemas } from "@/api/client";
import { byCursor } from "@/api/pages";
import { useHolds } from "@/components/account";
import { ButtonLink, TextLink } from "@/components/link";
import { Page } from "@/components/page";
import { PagedTable } from "@/components/paged";
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
  const stateOf = (one: Schemas["ReorganisationSummary"]) => (
    <Badge tt="none" variant="default" miw="max-content">
      {names[one.state as ReorganisationState]}
    </Badge>
  );
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
      <PagedTable
        pages={pages}
        isFiltered={state !== undefined}
        label={t`Quyết định sắp xếp`}
        keyOf={({ id }) => id}
        columns={[
          {
            label: t`Ngày hiệu lực`,
            show: ({ id, effective_on }) => (
              <TextLink to="/reorganisations/$id" params={{ id: String(id) }}>
                {effective_on ? formatDay(effective_on) : t`Trước khi có số liệu`}
              </TextLink>
            ),
          },
          {
            label: t`Văn bản`,
            show: (one) => (
              <>
                {[one.document?.number, one.document?.title].filter(Boolean).join(" · ")}
                <Box hiddenFrom="sm">{stateOf(one)}</Box>
              </>
            ),
            isLong: true,
          },
          {
            label: t`Số dòng`,
            show: ({ lines_total }) => formatNumber(lines_total),
            isNumber: true,
            isWide: true,
          },
          {
            label: t`Trạng thái`,
            show: stateOf,
            isWide: true,
          },
        ]}
      />
    </Page>
  );
}
