/** What was typed and not saved yet, on this device: it survives a closed tab, a crash, an ended session. */
import { createStore, del, get, keys, set } from "idb-keyval";

const store = createStore("liendoan-drafts", "drafts");

/** A form as it was typed, with the version of the record on which it rests. */
export type Draft<T> = { values: T; version: number | null; savedAt: number };

/** Milliseconds without typing after which a draft is kept. */
export const DRAFT_DELAY = 750;

/** One account's draft is none of another's who uses the same device. */
export const draftKey = (account: number, form: string) => `${account}/${form}`;

export const readDraft = <T>(key: string): Promise<Draft<T> | undefined> => get(key, store);
export const keepDraft = <T>(key: string, draft: Draft<T>): Promise<void> => set(key, draft, store);
export const dropDraft = (key: string): Promise<void> => del(key, store);

export async function countDrafts(account: number): Promise<number> {
  const kept = await keys<string>(store);
  return kept.filter((key) => key.startsWith(draftKey(account, ""))).length;
}
