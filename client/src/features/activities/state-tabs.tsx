/** The states, each with how many there are of all that the list is narrowed to. */
import { useLingui } from "@lingui/react/macro";
import { Badge, Tabs } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { api } from "@/api/client";
import { STATES as LABELS } from "@/components/state-badge";
import { formatNumber } from "@/lib/format";
import { type ActivitiesSearch, queryOf, STATES } from "./search";

/** What is counted no further. */
const MANY = 1000;

type Props = {
  search: ActivitiesSearch;
  onChange: (state: ActivitiesSearch["state"]) => void;
  /** The list itself. */
  children: ReactNode;
};

export function StateTabs({ search, onChange, children }: Props) {
  const { t, i18n } = useLingui();
  // Asked apart from the list: going from state to state changes no count.
  const query = {
    ...queryOf({ ...search, state: undefined }),
    counts: "by_state",
    limit: 1,
  } as const;
  const { data } = api.useQuery(
    "get",
    "/api/v1/activities",
    { params: { query } },
    { placeholderData: keepPreviousData },
  );
  const counts = data?.by_state;
  const told = (count: number) => (count < MANY ? formatNumber(count) : `${formatNumber(MANY)}+`);
  return (
    <Tabs
      value={search.state ?? "all"}
      onChange={(next) => onChange(STATES.find((state) => state === next))}
    >
      <Tabs.List aria-label={t`Trạng thái`} mb="md" className="no-print">
        <Tabs.Tab value="all">{t`Tất cả`}</Tabs.Tab>
        {STATES.map((state) => (
          <Tabs.Tab
            key={state}
            value={state}
            rightSection={
              <Badge variant="default" size="sm" miw={28}>
                {counts ? told(counts[state]) : "…"}
              </Badge>
            }
          >
            {i18n._(LABELS[state].label)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={search.state ?? "all"}>{children}</Tabs.Panel>
    </Tabs>
  );
}
