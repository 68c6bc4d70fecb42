/** The records of a kind, the newest first, with filters that stand in the address. */

import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Box, Group, Paper } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { allItems } from "@/api/pages";
import { useHolds } from "@/components/account";
import { ButtonLink, TextLink } from "@/components/link";
import { Page, Rows } from "@/components/page";
import { PagedList } from "@/components/paged";
import { BatchBar } from "@/components/record/batch-bar";
import { type Kind, toRecord } from "@/components/record/kind";
import { pagesOf } from "@/components/record/pages";
import { RecordTable } from "@/components/record/record-table";
import { useRecords } from "@/components/record/requests";
import { useColumns } from "./columns";
import styles from "./list.module.css";
import { ListTools } from "./list-tools";
import { SavedFilters } from "./saved-filters";
import { queryOf, type RecordsSearch, recordsSearch } from "./search";
import { StateTabs } from "./state-tabs";
import { useKind } from "./use-kind";

// On their way with the page; the list does not wait for them.
const filters = import("./filters");
const Filters = lazy(() => filters);
const RecordView = lazy(() => import("@/components/record/record-view"));

export default function ListPage() {
  const kind = useKind();
  // Nothing of one list is kept for the next.
  return <List key={kind.name} kind={kind} />;
}

function List({ kind }: { kind: Kind }) {
  const { t, i18n } = useLingui();
  const pageOf = pagesOf(kind);
  const search = recordsSearch(kind, useSearch({ strict: false }));
  const navigate = useNavigate({ from: pageOf.list });
  const mayRecord = useHolds(toRecord(kind));
  const [chosen, setChosen] = useState(new Set<number>());
  const { open, ...filters } = search;
  const pages = useRecords(kind, { ...queryOf(filters), limit: 50 });
  const columns = useColumns(kind);
  const one = i18n._(kind.words.one);
  const add = i18n._(kind.words.add);
  const close = () =>
    navigate({ search: (old) => ({ ...old, open: undefined }), replace: true, resetScroll: false });
  const narrow = (change: Partial<RecordsSearch>) =>
    navigate({ search: (old) => ({ ...old, ...change, open: undefined }), replace: true });
  const isFiltered = Object.values(queryOf(filters)).some(Boolean);
  const drafts = allItems(pages.data).filter(
    (item) => chosen.has(item.id) && item.allowed_actions.includes("submit"),
  );

  return (
    <Page
      title={i18n._(kind.words.many)}
      actions={
        mayRecord && (
          <ButtonLink to={pageOf.add} leftSection={<Plus aria-hidden size={16} />}>
            {add}
          </ButtonLink>
        )
      }
    >
      <SavedFilters kind={kind} search={filters} />
      <Suspense fallback={<Box h={{ base: 174, sm: 101 }} />}>
        <Filters kind={kind} search={search} onChange={narrow} />
      </Suspense>
      <StateTabs kind={kind} search={filters} onChange={(state) => narrow({ state })}>
        <div className={styles.columns} data-open={open !== undefined || undefined}>
          <Box className={styles.list}>
            {drafts.length > 0 && (
              <BatchBar action="submit" items={drafts} onDone={() => setChosen(new Set())} />
            )}
            <ListTools kind={kind} search={filters} isFiltered={isFiltered} columns={columns} />
            <PagedList
              pages={pages}
              isFiltered={isFiltered}
              hint={
                isFiltered ? (
                  <ButtonLink variant="default" to={pageOf.list}>
                    <Trans>Bỏ bộ lọc</Trans>
                  </ButtonLink>
                ) : (
                  mayRecord && <Trans>Bấm “{add}” để ghi mục đầu tiên của đơn vị bạn.</Trans>
                )
              }
              count={10}
            >
              {(items) => (
                <RecordTable
                  kind={kind}
                  items={items}
                  columns={columns.columns}
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
            </PagedList>
          </Box>
          {open !== undefined && (
            <Paper
              component="aside"
              withBorder
              p="md"
              className={styles.detail}
              aria-label={t`${one} số ${open}`}
            >
              <Group justify="space-between" mb="xs">
                <TextLink to={pageOf.one} params={{ id: String(open) }}>
                  <Trans>Mở trang riêng</Trans>
                </TextLink>
                <ActionIcon variant="default" size="lg" aria-label={t`Đóng`} onClick={close}>
                  <X aria-hidden size={18} />
                </ActionIcon>
              </Group>
              <Suspense fallback={<Rows count={6} height={32} />}>
                <RecordView kind={kind} id={open} />
              </Suspense>
            </Paper>
          )}
        </div>
      </StateTabs>
    </Page>
  );
}
