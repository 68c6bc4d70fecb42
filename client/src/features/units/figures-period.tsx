/** The period of which figures are shown: it stands in the address, else it is the year of the day that is shown. */
import { useDebouncedCallback } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useAsOf } from "@/components/as-of";
import { PeriodPicker } from "@/components/period-picker";
import { today } from "@/lib/format";

export function useFiguresPeriod(): string {
  const { period } = useSearch({ from: "/units" });
  const asOf = useAsOf() ?? today();
  return period ?? asOf.slice(0, 4);
}

/** What is still being typed stays here. */
export function FiguresPeriod({ period }: { period: string }) {
  const [typed, setTyped] = useState(period);
  const navigate = useNavigate();
  const show = useDebouncedCallback((next: string) => {
    if (next)
      void navigate({ to: ".", search: (old) => ({ ...old, period: next }), replace: true });
  }, 400);
  return (
    <PeriodPicker
      value={typed}
      onChange={(next) => {
        setTyped(next);
        show(next);
      }}
    />
  );
}
