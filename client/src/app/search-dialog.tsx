/** Ctrl+K: units by any name they ever had, and the pages of the menu. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Badge, Group, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import "@mantine/spotlight/styles.css";
import { Spotlight } from "@mantine/spotlight";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { sentenceOf } from "@/api/problem";
import { UnitHitText, useUnitSearch } from "@/components/unit-search";
import { useNavigation } from "./navigation";

export default function SearchDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [asked] = useDebouncedValue(query, 150);
  const { data, isFetching, error } = useUnitSearch(asked);
  const hits = query.trim() ? (data?.items ?? []) : [];
  const pages = useNavigation().filter((page) =>
    i18n._(page.label).toLowerCase().includes(query.trim().toLowerCase()),
  );
  const go = (action: () => void) => () => {
    onClose();
    action();
  };

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      forceOpened
      onSpotlightClose={onClose}
      shortcut={null}
      scrollable
      maxHeight="70vh"
      size={640}
      returnFocus
    >
      <Spotlight.Search
        placeholder={t`Tên đơn vị, có dấu hay không dấu`}
        aria-label={t`Tìm đơn vị`}
      />
      <Spotlight.ActionsList aria-label={t`Kết quả`}>
        {hits.map((hit) => (
          <Spotlight.Action
            key={hit.id}
            onClick={go(() => navigate({ to: "/units/$code", params: { code: hit.code } }))}
          >
            <UnitHitText hit={hit} />
          </Spotlight.Action>
        ))}
        {pages.map((page) => (
          <Spotlight.Action key={page.to} onClick={go(() => navigate({ to: page.to }))}>
            <Group gap="xs">
              <page.icon aria-hidden size={16} />
              <Text size="sm">{i18n._(page.label)}</Text>
              <Badge variant="default" size="sm">
                <Trans>Trang</Trans>
              </Badge>
            </Group>
          </Spotlight.Action>
        ))}
        {error ? (
          <Spotlight.Empty>{sentenceOf(error)}</Spotlight.Empty>
        ) : (
          hits.length === 0 &&
          query.trim() !== "" && (
            <Spotlight.Empty>
              {isFetching || asked !== query ? (
                <Trans>Đang tìm…</Trans>
              ) : (
                <Trans>Không tìm thấy đơn vị nào. Thử một phần của tên.</Trans>
              )}
            </Spotlight.Empty>
          )
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
