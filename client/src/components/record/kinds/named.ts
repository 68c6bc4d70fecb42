/** What every page knows of the kinds, and the first one loads: how they are named. */
import { msg } from "@lingui/core/macro";
import type { KindName, NamedKind } from "../kind";

export const NAMED = {
  activity: {
    name: "activity",
    list: "activities",
    words: {
      many: msg`Hoạt động`,
      one: msg({ message: "Hoạt động", context: "one" }),
      add: msg`Ghi hoạt động`,
    },
  },
  award: {
    name: "award",
    list: "awards",
    words: {
      many: msg`Khen thưởng`,
      one: msg({ message: "Khen thưởng", context: "one" }),
      add: msg`Ghi khen thưởng`,
    },
  },
  agreement: {
    name: "agreement",
    list: "agreements",
    words: {
      many: msg`Thỏa ước, thỏa thuận`,
      one: msg({ message: "Thỏa ước, thỏa thuận", context: "one" }),
      add: msg`Ghi thỏa ước, thỏa thuận`,
    },
  },
  inspection: {
    name: "inspection",
    list: "inspections",
    words: {
      many: msg`Kiểm tra, giám sát`,
      one: msg`Cuộc kiểm tra`,
      add: msg`Ghi cuộc kiểm tra`,
    },
  },
  return: {
    name: "return",
    list: "returns",
    words: {
      many: msg`Báo cáo số liệu`,
      one: msg({ message: "Báo cáo số liệu", context: "one" }),
      add: msg`Lập báo cáo`,
    },
  },
  campaign: {
    name: "campaign",
    list: "campaigns",
    words: {
      many: msg`Phong trào, chương trình`,
      one: msg({ message: "Phong trào, chương trình", context: "one" }),
      add: msg`Ghi phong trào, chương trình`,
    },
  },
} satisfies Record<KindName, NamedKind>;

/** In the order in which they are shown. */
export const NAMED_KINDS: NamedKind[] = Object.values(NAMED);

/** The kind of this name; nothing where this page knows it not yet. */
export const namedKind = (name: KindName): NamedKind | undefined => NAMED[name];
