/** Ctrl+K: pages, what can be begun, units by any name they ever had, and records by their words. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Group, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import "@mantine/spotlight/styles.css";
import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { useNavigate } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { sentenceOf } from "@/api/problem";
import type { AnyRecord } from "@/components/record/kind";
import { pagesOf } from "@/components/record/pages";
import { useRecordSearch } from "@/components/record/use-record-search";
import { StateBadge } from "@/components/state-badge";
import { UnitName } from "@/components/unit-link";
import { UnitHitText, useUnitSearch } from "@/components/unit-search";
import { begins } from "@/lib/fold";
import { formatPeriod } from "@/lib/period";
import { ACTIONS } from "./actions";
import { useAllowed, useNavigation } from "./navigation";
import styles from "./search-dialog.module.css";

/** How many units are shown, and how many records of a kind. */
const UNITS = 8;
const RECORDS = 3;

const [store] = createSpotlight();

type Item = { key: string | number; open: () => void; children: ReactNode };

export default function SearchDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const [asked] = useDebouncedValue(query, 200);
  const list = useRef<HTMLDivElement>(null);
  const units = useUnitSearch(asked);
  const records = useRecordSearch(asked, RECORDS);
  const words = asked.trim();
  const isTyped = query.trim() !== "";
  const named = (items: ReturnType<typeof useNavigation> | typeof ACTIONS) =>
    items
      .filter(({ label }) => begins(i18n._(label), query))
      .map(
        ({ to, label, icon }): Item => ({
          key: to,
          open: () => navigate({ to }),
          children: <Named icon={icon}>{i18n._(label)}</Named>,
        }),
      );

  const groups: [label: string, items: Item[]][] = [
    [t`Thao tác`, named(useAllowed(ACTIONS))],
    [t`Trang`, named(useNavigation())],
    [
      t`Đơn vị`,
      (isTyped ? (units.data?.items ?? []) : []).slice(0, UNITS).map((hit) => ({
        key: hit.id,
        open: () => navigate({ to: "/units/$code", params: { code: hit.code } }),
        children: <UnitHitText hit={hit} />,
      })),
    ],
    ...(isTyped ? records.found : []).map(({ kind, items, hasMore }): [string, Item[]] => [
      i18n._(kind.words.many),
      [
        ...items.map((record) => ({
          key: record.id,
          open: () => navigate({ to: pagesOf(kind).one, params: { id: String(record.id) } }),
          children: <RecordHit record={record} />,
        })),
        ...(hasMore
          ? [
              {
                key: "more",
                open: () => navigate({ to: pagesOf(kind).list, search: { q: words } }),
                children: (
                  <Text size="sm">
                    <Trans>Xem tất cả mục có “{words}”</Trans>
                  </Text>
                ),
              },
            ]
          : []),
      ],
    ]),
  ];
  const shown = groups.filter(([, items]) => items.length > 0);
  const count = shown.flatMap(([, items]) => items).length;
  const error = units.error ?? records.error;
  const isSearching = units.isFetching || records.isFetching || asked !== query;

  // Enter opens the first, until the arrows choose another.
  const first = shown.map(([, items]) => items.map(({ key }) => key).join(" ")).join("; ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each other list
  useEffect(() => {
    const all = list.current?.querySelectorAll("[data-action]") ?? [];
    for (const [at, action] of all.entries()) action.toggleAttribute("data-selected", at === 0);
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [first]);

  return (
    <Spotlight.Root
      store={store}
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
        placeholder={t`Đơn vị, hoạt động, khen thưởng, trang… có dấu hay không dấu`}
        aria-label={t`Tìm kiếm`}
      />
      <Spotlight.ActionsList aria-label={t`Kết quả`} ref={list}>
        {shown.map(([label, items]) => (
          <Spotlight.ActionsGroup key={label} label={label} role="group" aria-label={label}>
            {items.map(({ key, open, children }) => (
              <Spotlight.Action
                key={key}
                className={styles.action}
                onClick={() => {
                  onClose();
                  open();
                }}
              >
                {children}
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {error ? (
          <Spotlight.Empty>{sentenceOf(error)}</Spotlight.Empty>
        ) : isSearching && isTyped ? (
          <Spotlight.Empty>
            <Trans>Đang tìm…</Trans>
          </Spotlight.Empty>
        ) : (
          count === 0 && (
            <Spotlight.Empty>
              <Trans>Không tìm thấy gì. Thử một phần của tên, hoặc ít chữ hơn.</Trans>
            </Spotlight.Empty>
          )
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

function Named({ icon: Icon, children }: { icon: LucideIcon; children: string }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <Icon aria-hidden size={16} />
      <Text size="sm">{children}</Text>
    </Group>
  );
}

function RecordHit({ record }: { record: AnyRecord }) {
  const { title, unit, period } = record.content;
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm" flex={1}>
      <div className="wrap-anywhere">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed">
          <UnitName code={unit} /> · {formatPeriod(period)}
        </Text>
      </div>
      <StateBadge state={record.state} />
    </Group>
  );
}
