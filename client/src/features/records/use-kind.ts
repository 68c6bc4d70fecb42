import { useMatches } from "@tanstack/react-router";
import type { Kind } from "@/components/record/kind";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** Of whose records the page is. */
    kind?: Kind;
  }
}

/** The kind whose page this is, as its route says. */
export function useKind(): Kind {
  const kind = useMatches().at(-1)?.staticData.kind;
  if (!kind) throw new Error("this page is of no kind of record");
  return kind;
}
