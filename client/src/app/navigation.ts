/** The pages of the menu, each for those who may use it. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  Award,
  Building2,
  ChartColumn,
  ClipboardCheck,
  ClipboardList,
  FileStack,
  Flag,
  Handshake,
  History,
  House,
  Inbox,
  Lock,
  type LucideIcon,
  Network,
  Plug,
  Trophy,
  Users,
} from "lucide-react";

import { holds, useAccount } from "@/components/account";
import { type NamedKind, toApprove } from "@/components/record/kind";
import { NAMED_KINDS } from "@/components/record/kinds/named";
import { pagesOf } from "@/components/record/pages";

export type NavItem = {
  to:
    | "/"
    | "/units"
    | `/${NamedKind["list"]}`
    | "/inbox"
    | "/accounts"
    | "/service-accounts"
    | "/audit"
    | "/clusters"
    | "/partners"
    | "/period-locks"
    | "/reorganisations";
  label: MessageDescriptor;
  icon: LucideIcon;
  /** The key after `g`. */
  key: string;
  /** One of these must be held; without it, everybody sees the page. */
  needs?: string[];
};

/** How the lists of records stand in the menu. */
const LOOKS: Record<NamedKind["list"], Pick<NavItem, "icon" | "key">> = {
  activities: { icon: ClipboardList, key: "a" },
  awards: { icon: Award, key: "b" },
  agreements: { icon: Handshake, key: "o" },
  inspections: { icon: ClipboardCheck, key: "x" },
  returns: { icon: ChartColumn, key: "y" },
  campaigns: { icon: Flag, key: "r" },
};

const NAVIGATION: NavItem[] = [
  { to: "/", label: msg`Trang đầu`, icon: House, key: "h" },
  { to: "/inbox", label: msg`Chờ duyệt`, icon: Inbox, key: "i", needs: NAMED_KINDS.map(toApprove) },
  ...NAMED_KINDS.map((kind) => ({
    to: pagesOf(kind).list,
    label: kind.words.many,
    ...LOOKS[kind.list],
    needs: ["records:read"],
  })),
  {
    to: "/partners",
    label: msg`Đối tác`,
    icon: Building2,
    key: "d",
    needs: ["partners:read"],
  },
  { to: "/units", label: msg`Đơn vị`, icon: Network, key: "u", needs: ["units:read"] },
  {
    to: "/reorganisations",
    label: msg`Sắp xếp tổ chức`,
    icon: FileStack,
    key: "s",
    needs: ["units:reorganise"],
  },
  {
    to: "/clusters",
    label: msg`Cụm, khối thi đua`,
    icon: Trophy,
    key: "c",
    needs: ["clusters:read"],
  },
  {
    to: "/period-locks",
    label: msg`Khóa kỳ`,
    icon: Lock,
    key: "k",
    needs: ["periods:lock"],
  },
  {
    to: "/accounts",
    label: msg`Tài khoản`,
    icon: Users,
    key: "t",
    needs: ["accounts:read"],
  },
  {
    to: "/service-accounts",
    label: msg`Hệ thống khác`,
    icon: Plug,
    key: "p",
    needs: ["service_accounts:manage"],
  },
  { to: "/audit", label: msg`Nhật ký`, icon: History, key: "n", needs: ["audit:read"] },
];

/** Of these, what whoever is signed in may use. */
export function useAllowed<I extends { needs?: string[] }>(items: I[]): I[] {
  const account = useAccount();
  return items.filter(({ needs }) => !needs || needs.some((name) => holds(account, name)));
}

/** The pages that whoever is signed in may use. */
export const useNavigation = (): NavItem[] => useAllowed(NAVIGATION);
