import { useLingui } from "@lingui/react";
import type { Kind } from "./kind";

/** Which field a pointer leads to, `/amounts/0/source`, by its label; what leads elsewhere stays as it is. */
export function useFieldAt({ fields }: Kind): (pointer: string) => string {
  const { i18n } = useLingui();
  return (pointer) => {
    const field = fields[pointer.split("/")[1] ?? ""];
    return field ? i18n._(field.label) : pointer;
  };
}
