/** Whoever is signed in, and what they may do today. */
import { createContext, useContext } from "react";
import type { Schemas } from "@/api/client";

export type OwnAccount = Schemas["OwnAccount"];

const Context = createContext<OwnAccount | null>(null);

export const AccountProvider = Context.Provider;

export function useAccount(): OwnAccount {
  const account = useContext(Context);
  if (!account) throw new Error("used outside of AccountProvider");
  return account;
}

/** Whether a permission is held anywhere; where, the API decides. */
export const holds = (account: OwnAccount, permission: string): boolean =>
  account.permissions.some((held) => held.permission === permission);

export const useHolds = (permission: string): boolean => holds(useAccount(), permission);
