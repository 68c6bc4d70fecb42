/** Filters that somebody keeps under a name of theirs: each is an address of the list. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { lazy, Suspense } from "react";
import { api, ifMatch } from "@/api/client";
import { Failure } from "@/components/failure";
import { ButtonLink } from "@/components/link";
import type { Kind } from "@/components/record/kind";
import { pagesOf } from "@/components/record/pages";
import { isSame } from "@/lib/same";
import type { Search } from "@/lib/search-params";
import { queryOf, type RecordsSearch, searchOf } from "./search";

const AskDialog = lazy(() => import("@/components/ask-dialog"));
const KeepDialog = lazy(() => import("./keep-dialog"));

/** Whether two addresses ask for the same. */
const asksSame = (a: RecordsSearch, b: RecordsSearch) => isSame(queryOf(a), queryOf(b));

type Props = { kind: Kind; search: RecordsSearch };

export function SavedFilters({ kind, search }: Props) {
  const { t } = useLingui();
  const [isKeeping, keeping] = useDisclosure();
  const [isAsking, asking] = useDisclosure();
  const { data, error, refetch } = api.useQuery("get", "/api/v1/account/filters", {});
  const remove = api.useMutation("delete", "/api/v1/account/filters/{id}", {
    onSuccess: asking.close,
    onSettled: () => refetch(),
  });
  const kept = (data?.items ?? [])
    .filter((filter) => filter.list === kind.list)
    .map((filter) => ({ ...filter, search: searchOf(kind, filter.parameters as Search) }));
  const current = kept.find((filter) => asksSame(filter.search, search));
  const isNarrowed = !asksSame(search, {});
  if (error) return <Failure error={error} onRetry={() => refetch()} />;
  if (kept.length === 0 && !isNarrowed) return null;
  return (
    <Group gap="xs" className="no-print" component="section" aria-label={t`Bộ lọc đã lưu`}>
      {kept.length > 0 && (
        <Text size="sm" c="dimmed">
          <Trans>Bộ lọc đã lưu:</Trans>
        </Text>
      )}
      {kept.map((filter) => (
        <ButtonLink
          key={filter.id}
          to={pagesOf(kind).list}
          search={filter.search}
          variant={filter === current ? "filled" : "default"}
          activeOptions={{ exact: true }}
          size="compact-sm"
          maw="100%"
        >
          {filter.name}
        </ButtonLink>
      ))}
      {isNarrowed && !current && (
        <Button variant="subtle" size="compact-sm" onClick={keeping.open}>
          <Trans>Lưu bộ lọc này</Trans>
        </Button>
      )}
      {current && (
        <Button variant="subtle" size="compact-sm" onClick={keeping.open}>
          <Trans>Đổi tên</Trans>
        </Button>
      )}
      {current && (
        <Button variant="subtle" size="compact-sm" onClick={asking.open}>
          <Trans>Xóa bộ lọc đã lưu</Trans>
        </Button>
      )}
      <Suspense>
        {isKeeping && (
          <KeepDialog list={kind.list} search={search} kept={current} onClose={keeping.close} />
        )}
        {isAsking && current && (
          <AskDialog
            title={t`Xóa bộ lọc đã lưu`}
            action={t`Xóa “${current.name}”`}
            isBusy={remove.isPending}
            onClose={asking.close}
            onConfirm={() =>
              remove.mutate({
                params: { path: { id: current.id }, header: ifMatch(current.version) },
              })
            }
          >
            <Trans>Chỉ tên này bị xóa; không có gì khác thay đổi.</Trans>
            {remove.error && <Failure error={remove.error} />}
          </AskDialog>
        )}
      </Suspense>
    </Group>
  );
}
