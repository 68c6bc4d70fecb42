/** What was done, the newest first, with filters that stand in the address. */

import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Box, Group, Paper } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { api } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";
import { useHolds } from "@/components/account";
import { ActivityTable } from "@/components/activity-table";
import { Empty } from "@/components/empty";
import { ButtonLink, TextLink } from "@/components/link";
import { More } from "@/components/more";
import { Page, Pending, Rows } from "@/components/page";
import { BatchBar } from "@/components/record/batch-bar";
import { Filters } from "./filters";
import styles from "./list.module.css";
import { SavedFilters } from "./saved-filters";
import { type ActivitiesSearch, queryOf } from "./search";
import { StateTabs } from "./state-tabs";

const ActivityView = lazy(() => import("@/components/record/activity-view"));

export default function ListPage() {
  const { t } = useLingui();
  const search = useSearch({ from: "/activities" });
  const navigate = useNavigate({ from: "/activities" });
  const mayRecord = useHolds("activities:record");
  const [chosen, setChosen] = useState(new Set<number>());
  const { open, ...filters } = search;
  const query = { ...queryOf(filters), limit: 50 };
  const pages = api.useInfiniteQuery(
    "get",
    "/api/v1/activities",
    { params: { query } },
    // What was there stays until the narrowed list comes: nothing jumps while somebody types.
    { ...byCursor, placeholderData: keepPreviousData },
  );
  const items = allItems(pages.data);
  const close = () =>
    navigate({ search: (old) => ({ ...old, open: undefined }), replace: true, resetScroll: false });
  const narrow = (change: Partial<ActivitiesSearch>) =>
    navigate({ search: (old) => ({ ...old, ...change, open: undefined }), replace: true });
  const isFiltered = Object.values(queryOf(filters)).some(Boolean);
  const drafts = items.filter(
    (item) => chosen.has(item.id) && item.allowed_actions.includes("submit"),
  );

  return (
    <Page
      title={t`Hoạt động`}
      actions={
        mayRecord && (
          <ButtonLink to="/activities/new" leftSection={<Plus aria-hidden size={16} />}>
            <Trans>Ghi hoạt động</Trans>
          </ButtonLink>
        )
      }
    >
      <SavedFilters search={filters} />
      <Filters search={search} onChange={narrow} />
      <StateTabs search={filters} onChange={(state) => narrow({ state })}>
        {!pages.data && <Pending query={pages} count={10} />}
        {pages.data && items.length === 0 && (
          <Empty
            title={
              isFiltered ? (
                <Trans>Không có hoạt động nào khớp bộ lọc</Trans>
              ) : (
                <Trans>Chưa có hoạt động nào</Trans>
              )
            }
          >
            {isFiltered ? (
              <ButtonLink variant="default" to="/activities">
                <Trans>Bỏ bộ lọc</Trans>
              </ButtonLink>
            ) : (
              mayRecord && (
                <Trans>Bấm “Ghi hoạt động” để ghi việc đầu tiên mà đơn vị của bạn đã làm.</Trans>
              )
            )}
          </Empty>
        )}
        <div className={styles.columns} data-open={open !== undefined || undefined}>
          <Box className={styles.list}>
            {drafts.length > 0 && (
              <BatchBar action="submit" items={drafts} onDone={() => setChosen(new Set())} />
            )}
            {items.length > 0 && (
              <ActivityTable
                items={items}
                openId={open}
                chosen={chosen}
                onChoose={mayRecord ? setChosen : undefined}
                titleOf={(item) => (
                  <TextLink
                    to="."
                    search={(old) => ({ ...old, open: item.id })}
                    replace
                    resetScroll={false}
                    size="sm"
                    underline="always"
                  >
                    {item.content.title}
                  </TextLink>
                )}
              />
            )}
            <More pages={pages} />
          </Box>
          {open !== undefined && (
            <Paper
              component="aside"
              withBorder
              p="md"
              className={styles.detail}
              aria-label={t`Hoạt động số ${open}`}
            >
              <Group justify="space-between" mb="xs">
                <TextLink to="/activities/$id" params={{ id: String(open) }}>
                  <Trans>Mở trang riêng</Trans>
                </TextLink>
                <ActionIcon variant="default" size="lg" aria-label={t`Đóng`} onClick={close}>
                  <X aria-hidden size={18} />
                </ActionIcon>
              </Group>
              <Suspense fallback={<Rows count={6} height={32} />}>
                <ActivityView id={open} />
              </Suspense>
            </Paper>
          )}
        </div>
      </StateTabs>
    </Page>
  );
}
