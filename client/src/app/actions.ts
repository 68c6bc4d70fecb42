/** What can be begun from wherever one is, each for those who may. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { type LucideIcon, Plus, UserRound } from "lucide-react";
import { type NamedKind, toRecord } from "@/components/record/kind";
import { NAMED_KINDS } from "@/components/record/kinds/named";
import { pagesOf } from "@/components/record/pages";

type Action = {
  to: `/${NamedKind["list"]}/new` | "/partners/new" | "/reorganisations/new" | "/profile";
  label: MessageDescriptor;
  icon: LucideIcon;
  /** One of these must be held. */
  needs?: string[];
};

export const ACTIONS: Action[] = [
  ...NAMED_KINDS.map((kind) => ({
    to: pagesOf(kind).add,
    label: kind.words.add,
    icon: Plus,
    needs: [toRecord(kind)],
  })),
  { to: "/partners/new", label: msg`Thêm đối tác`, icon: Plus, needs: ["partners:edit"] },
  {
    to: "/reorganisations/new",
    label: msg`Ghi quyết định sắp xếp`,
    icon: Plus,
    needs: ["units:reorganise"],
  },
  { to: "/profile", label: msg`Tài khoản của tôi`, icon: UserRound },
];
