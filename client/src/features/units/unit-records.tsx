/** Records under a unit: as it was organised then, or as it is organised now. */

import { Trans } from "@lingui/react/macro";
import { Stack, Text } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { byCode } from "@/api/client";
import { TextLink } from "@/components/link";
import { PagedList } from "@/components/paged";
import type { Kind } from "@/components/record/kind";
import { pagesOf } from "@/components/record/pages";
import { RecordTable } from "@/components/record/record-table";
import { useRecords } from "@/components/record/requests";
import { TreeSwitch } from "./tree-switch";

export function UnitRecords({ kind, code }: { kind: Kind; code: string }) {
  const { tree = "now" } = useSearch({ from: "/units/$code" });
  const pages = useRecords(kind, { unit: byCode(code), tree, limit: 25 });
  return (
    <Stack gap="sm">
      <TreeSwitch value={tree} />
      <Text size="sm" c="dimmed">
        {tree === "now" ? (
          <Trans>
            Của đơn vị này và mọi đơn vị hôm nay thuộc nó, kể cả những gì có trước khi chúng chuyển
            về đây.
          </Trans>
        ) : (
          <Trans>Của đơn vị này và mọi đơn vị thuộc nó vào ngày đó.</Trans>
        )}
      </Text>
      <PagedList
        pages={pages}
        nothing={<Trans>Chưa có mục nào bạn được xem</Trans>}
        hint={<Trans>Hãy thử cách tính tổ chức kia.</Trans>}
      >
        {(items) => (
          <RecordTable
            kind={kind}
            items={items}
            titleOf={(item) => (
              <TextLink to={pagesOf(kind).one} params={{ id: String(item.id) }}>
                {item.content.title}
              </TextLink>
            )}
          />
        )}
      </PagedList>
    </Stack>
  );
}
