/** A list that is read page by page: what is on the way, what there is, what to do where there is nothing, and more. */
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { InfiniteData } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { allItems, type PageOf } from "@/api/pages";
import { type Column, DataTable } from "./data-table";
import { Empty } from "./empty";
import { Failure } from "./failure";
import { Pending } from "./page";

export type Pages<T> = {
  data: InfiniteData<PageOf<T>> | undefined;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

type Props<T> = {
  pages: Pages<T>;
  /** Whether it is narrowed: then something else may be found. */
  isFiltered?: boolean;
  /** What is said where there is nothing, if more can be said than that; and what to do about it. */
  nothing?: ReactNode;
  hint?: ReactNode;
  /** The rows that are on the way. */
  count?: number;
  height?: number;
};

export function PagedList<T>({
  pages,
  isFiltered,
  nothing,
  hint,
  children,
  ...rows
}: Props<T> & { children: (items: T[]) => ReactNode }) {
  if (!pages.data) return <Pending query={pages} {...rows} />;
  const items = allItems(pages.data);
  if (items.length > 0) {
    return (
      <>
        {children(items)}
        <More pages={pages} />
      </>
    );
  }
  const title = isFiltered ? (
    <Trans>Không có mục nào khớp bộ lọc</Trans>
  ) : (
    (nothing ?? <Trans>Chưa có mục nào</Trans>)
  );
  return <Empty title={title}>{hint}</Empty>;
}

/** The same as a table. */
export function PagedTable<T>({
  label,
  columns,
  keyOf,
  ...list
}: Props<T> & { label: string; columns: Column<T>[]; keyOf: (item: T) => number }) {
  return (
    <PagedList {...list}>
      {(items) => <DataTable label={label} columns={columns} items={items} keyOf={keyOf} />}
    </PagedList>
  );
}

/** The next page, and why it can't be had. */
export function More({ pages }: { pages: Pages<unknown> }) {
  if (pages.data && pages.error)
    return <Failure error={pages.error} onRetry={() => pages.refetch()} />;
  if (!pages.hasNextPage) return null;
  return (
    <Button
      variant="default"
      fullWidth
      mt="sm"
      loading={pages.isFetchingNextPage}
      onClick={() => pages.fetchNextPage()}
      className="no-print"
    >
      <Trans>Xem thêm</Trans>
    </Button>
  );
}
