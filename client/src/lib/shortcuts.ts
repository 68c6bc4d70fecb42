/** Keys of their own: dead while somebody types, and while Vietnamese is composed. */
import { useEffect, useRef } from "react";

/** By the key, or by two that are pressed one after the other: `g u`. */
export type Shortcuts = Record<string, () => void>;

function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return (
    event.isComposing ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    target?.isContentEditable === true ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target?.tagName ?? "") ||
    // A dialog has keys of its own.
    document.querySelector("[role=dialog]") !== null
  );
}

export function useShortcuts(shortcuts: Shortcuts) {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let before = "";
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const action = latest.current[`${before} ${event.key}`] ?? latest.current[event.key];
      before = event.key;
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
