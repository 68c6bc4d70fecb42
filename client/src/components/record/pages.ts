/** Where the pages of a kind are, as addresses that the compiler checks. */
import type { NamedKind } from "./kind";

export const pagesOf = ({ list }: Pick<NamedKind, "list">) =>
  ({
    list: `/${list}`,
    add: `/${list}/new`,
    one: `/${list}/$id`,
    edit: `/${list}/$id/edit`,
  }) as const;
