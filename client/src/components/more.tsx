/** The next page of a list that goes on, and why it can't be had. */
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Failure } from "./failure";

type Pages = {
  data: unknown;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

export function More({ pages }: { pages: Pages }) {
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
