/** The next page of a list that goes on. */
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";

type Pages = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

export function More({ pages }: { pages: Pages }) {
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
