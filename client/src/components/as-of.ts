import { useSearch } from "@tanstack/react-router";
import { type Day, today } from "@/lib/format";

/** The day of which the tree is shown, as the address says; undefined is today. */
export function useAsOf(): Day | undefined {
  const { as_of } = useSearch({ strict: false }) as { as_of?: Day };
  return as_of === today() ? undefined : as_of;
}
