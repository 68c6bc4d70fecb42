/** The kinds of record. What a kind has of its own stands in its file, and nowhere else. */
import type { Kind, KindName } from "../kind";
import { activity } from "./activity";
import { agreement } from "./agreement";
import { award } from "./award";
import { campaign } from "./campaign";
import { inspection } from "./inspection";
import { return_ } from "./return";

export const KINDS: Kind[] = [activity, award, agreement, inspection, return_, campaign];

/** The kind of this name; nothing where this page knows it not yet. */
export const kindOf = (name: KindName): Kind | undefined =>
  KINDS.find((kind) => kind.name === name);
