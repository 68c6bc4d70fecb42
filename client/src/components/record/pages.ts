/** Where the pages of a kind are, as addresses that the compiler checks. */
import type { Kind } from "./kind";

export const pagesOf = ({ list }: Pick<Kind, "list">) =>
  ({
    list: `/${list}`,
    add: `/${list}/new`,
    one: `/${list}/$id`,
    edit: `/${list}/$id/edit`,
  }) as const;
