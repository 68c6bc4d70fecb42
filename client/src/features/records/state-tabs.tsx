/** The states, each with how many there are of all that the list is narrowed to. */
import { useLingui } from "@lingui/react/macro";
import { Badge, Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import type { Kind } from "@/components/record/kind";
import { useCounts } from "@/components/record/requests";
import { STATES as LABELS } from "@/components/state-badge";
import { formatNumber } from "@/lib/format";
import { queryOf, type RecordsSearch, STATES } from "./search";

/** What is counted no further. */
const MANY = 1000;

type Props = {
  kind: Kind;
  search: RecordsSearch;
  onChange: (state: RecordsSearch["state"]) => void;
  /** The list itself. */
  children: ReactNode;
};

export function StateTabs({ kind, search, onChange, children }: Props) {
  const { t, i18n } = useLingui();
  // Asked apart from the list: going from state to state changes no count.
  const counts = useCounts(kind, queryOf({ ...search, state: undefined }));
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
