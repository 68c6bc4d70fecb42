/** Files on their way to a record: one after the other, since each makes a new version of it. */
import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { Told } from "@/api/problem";
import { attach, EVIDENCE_MAX } from "@/api/upload";
import { formatSize } from "@/lib/format";

export type Upload = {
  key: number;
  file: File;
  /** How much has been sent, from 0 to 1. */
  share: number;
  error?: unknown;
  cancel: () => void;
};

let lastKey = 0;

export function useUploads(record: { id: number; version: number }, onDone: () => Promise<void>) {
  const { t } = useLingui();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const queue = useRef<Promise<void>>(Promise.resolve());
  const latest = useRef(record);
  useEffect(() => {
    if (record.version >= latest.current.version) latest.current = record;
  }, [record]);

  const change = (key: number, change: Partial<Upload>) =>
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const dismiss = (key: number) => setUploads((all) => all.filter((one) => one.key !== key));

  const send = async (key: number, file: File, signal: AbortSignal) => {
    if (signal.aborted) return dismiss(key);
    try {
      const onProgress = (share: number) => change(key, { share });
      const saved = await attach({ record: latest.current, file, onProgress, signal });
      latest.current = saved;
      await onDone();
      dismiss(key);
    } catch (error) {
      if (signal.aborted) dismiss(key);
      else change(key, { error });
    }
  };

  const add = (files: File[]) => {
    for (const file of files) {
      const key = ++lastKey;
      const abort = new AbortController();
      const limit = formatSize(EVIDENCE_MAX);
      const error = file.size > EVIDENCE_MAX ? new Told(t`Tệp lớn hơn ${limit}.`) : undefined;
      setUploads((all) => [...all, { key, file, share: 0, error, cancel: () => abort.abort() }]);
      if (!error) queue.current = queue.current.then(() => send(key, file, abort.signal));
    }
  };

  return { uploads, add, dismiss };
}
