/** Keeps what is typed on this device, a moment after each pause. */
import { useEffect, useRef, useState } from "react";
import { DRAFT_DELAY, type Draft, dropDraft, keepDraft, readDraft } from "./drafts";

type Options<T> = {
  key: string;
  values: T;
  /** The version that was read when typing began; null for something new. */
  version: number | null;
  isDirty: boolean;
  onFound: (draft: Draft<T>) => void;
};

/** `keptAt` is when the draft was last kept; undefined where there is none. */
export function useDraft<T>({ key, values, version, isDirty, onFound }: Options<T>) {
  const [isReady, setIsReady] = useState(false);
  const [keptAt, setKeptAt] = useState<number>();
  const found = useRef(onFound);
  found.current = onFound;

  useEffect(() => {
    let isStale = false;
    const take = (draft: Draft<T> | undefined) => {
      if (isStale) return;
      if (draft) {
        found.current(draft);
        setKeptAt(draft.savedAt);
      }
      setIsReady(true);
    };
    readDraft<T>(key).then(take, () => take(undefined));
    return () => {
      isStale = true;
    };
  }, [key]);

  useEffect(() => {
    if (!isReady || !isDirty) return;
    const timer = setTimeout(async () => {
      const savedAt = Date.now();
      await keepDraft(key, { values, version, savedAt });
      setKeptAt(savedAt);
    }, DRAFT_DELAY);
    return () => clearTimeout(timer);
  }, [key, values, version, isDirty, isReady]);

  const drop = async () => {
    setKeptAt(undefined);
    // A device that keeps nothing has nothing to drop.
    await dropDraft(key).catch(() => undefined);
  };

  return { keptAt, drop };
}
