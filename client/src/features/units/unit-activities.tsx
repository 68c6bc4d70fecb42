/** What was done under a unit: as it was organised then, or as it is organised now. */

import { Trans, useLingui } from "@lingui/react/macro";
import { SegmentedControl, Stack, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api, byCode } from "@/api/client";
import { allItems, byCursor } from "@/api/pages";
import { ActivityTable } from "@/components/activity-table";
import { Empty } from "@/components/empty";
import { TextLink } from "@/components/link";
import { More } from "@/components/more";
import { Pending } from "@/components/page";

export function UnitActivities({ code }: { code: string }) {
  const { t } = useLingui();
  const { tree = "now" } = useSearch({ from: "/units/$code" });
  const navigate = useNavigate({ from: "/units/$code" });
  const query = { unit: byCode(code), tree, limit: 25 };
  const pages = api.useInfiniteQuery("get", "/api/v1/activities", { params: { query } }, byCursor);
  const items = allItems(pages.data);
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
            Của đơn vị này và mọi đơn vị hôm nay thuộc nó, kể cả hoạt động có trước khi chúng chuyển
            về đây.
          </Trans>
        ) : (
          <Trans>Của đơn vị này và mọi đơn vị thuộc nó vào ngày diễn ra hoạt động.</Trans>
        )}
      </Text>
      {!pages.data && <Pending query={pages} count={5} />}
      {pages.data && items.length === 0 && (
        <Empty title={<Trans>Chưa có hoạt động nào bạn được xem</Trans>}>
          <Trans>Hãy thử cách tính tổ chức kia.</Trans>
        </Empty>
      )}
      {items.length > 0 && (
        <ActivityTable
          items={items}
          titleOf={(item) => (
            <TextLink to="/activities/$id" params={{ id: String(item.id) }}>
              {item.content.title}
            </TextLink>
          )}
        />
      )}
      <More pages={pages} />
    </Stack>
  );
}
