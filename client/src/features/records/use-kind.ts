import { useMatches } from "@tanstack/react-router";
import type { Kind } from "@/components/record/kind";

/** The kind whose page this is: what its route has loaded. */
export function useKind(): Kind {
  const kind = useMatches().at(-1)?.loaderData as Kind | undefined;
  if (!kind) throw new Error("this page is of no kind of record");
  return kind;
}
