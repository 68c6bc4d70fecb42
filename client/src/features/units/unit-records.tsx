/** Records under a unit: as it was organised then, or as it is organised now. */

import { Trans, useLingui } from "@lingui/react/macro";
import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { byCode } from "@/api/client";
import { TextLink } from "@/components/link";
import { PagedList } from "@/components/paged";
import type { Kind } from "@/components/record/kind";
import { pagesOf } from "@/components/record/pages";
import { RecordTable } from "@/components/record/record-table";
import { useRecords } from "@/components/record/requests";

export function UnitRecords({ kind, code }: { kind: Kind; code: string }) {
  const { t } = useLingui();
  const { tree = "now" } = useSearch({ from: "/units/$code" });
  const navigate = useNavigate({ from: "/units/$code" });
  const pages = useRecords(kind, { unit: byCode(code), tree, limit: 25 });
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t`Theo tổ chức`}
        value={tree}
        onChange={(next) =>
          navigate({ search: (old) => ({ ...old, tree: next as "then" | "now" }), replace: true })
        }
        data={[
          { value: "now", label: t`Tổ chức hôm nay` },
          { value: "then", label: t`Tổ chức khi đó` },
        ]}
        style={{ alignSelf: "flex-start", maxWidth: "100%" }}
      />
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
