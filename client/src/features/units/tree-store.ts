/** What the tree shows: which branches are open on which day, and the pages of children that this needs. */
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { api, byCode, type Schemas } from "@/api/client";
import {
  type Branch,
  closed,
  isOpen,
  type OpenChild,
  opened,
  type Place,
  rowOf,
} from "@/lib/branches";
import type { Day } from "@/lib/format";

export type UnitItem = Schemas["UnitItem"];

/** Children that are asked for at once. */
const PAGE = 50;

const page = (code: string, position: number, as_of: Day | undefined) => {
  const offset = Math.floor(position / PAGE) * PAGE;
  const query = { as_of, offset, limit: PAGE };
  const params = { path: { unit: byCode(code) }, query };
  return api.queryOptions("get", "/api/v1/units/{unit}/children", { params });
};

/** The unit above all others on a day. */
export function useRoot(as_of: Day | undefined) {
  const query = { as_of, level: 1, limit: 1 };
  return api.useQuery("get", "/api/v1/units", { params: { query } });
}

export function useTree(root: UnitItem, as_of: Day | undefined) {
  const queries = useQueryClient();
  const top = useCallback(
    (): Branch => ({ code: root.code, count: root.child_count, open: [] }),
    [root],
  );
  const [tree, setTree] = useState<Branch>(top);

  // Another day has other children, at other places.
  useEffect(() => setTree(top()), [top]);

  const toggle = (item: UnitItem, place: Place) =>
    setTree((tree) =>
      isOpen(tree, place.above, item.code)
        ? closed(tree, place.above, item.code)
        : opened(tree, place.above, {
            code: item.code,
            count: item.child_count,
            position: place.position,
            open: [],
          }),
    );

  /** Opens all that stands above a unit, and answers the row of the unit; null where it does not live. */
  const reveal = useCallback(
    async (code: string): Promise<number | null> => {
      const params = { path: { unit: byCode(code) }, query: { as_of } };
      const unit = await queries.ensureQueryData(
        api.queryOptions("get", "/api/v1/units/{unit}", { params }),
      );
      if (!unit.alive) return null;
      const path = await queries.fetchQuery(
        api.queryOptions("get", "/api/v1/units/{unit}/path", { params }),
      );
      const steps = path.items;
      const target = steps.at(-1);
      if (!target || steps[0]?.code !== root.code) return null;
      // From the second to the last but one: what must be open.
      const branches = await Promise.all(
        steps.slice(1, -1).map(async (step, at): Promise<OpenChild> => {
          const below = steps[at + 2];
          const children = await queries.fetchQuery(page(step.code, below?.position ?? 0, as_of));
          return {
            code: step.code,
            count: children.child_count,
            position: step.position,
            open: [],
          };
        }),
      );
      const above = steps.slice(0, -1).map((step) => step.code);
      const open = (tree: Branch) =>
        branches.reduce((tree, branch, at) => {
          const path = above.slice(0, at + 1);
          return isOpen(tree, path, branch.code) ? tree : opened(tree, path, branch);
        }, tree);
      return await new Promise((resolve) =>
        setTree((tree) => {
          const next = open(tree);
          resolve(above.length === 0 ? -1 : rowOf(next, above, target.position));
          return next;
        }),
      );
    },
    [queries, root.code, as_of],
  );

  return { tree, toggle, reveal };
}

/** The units at the places that are on the screen; undefined while they are on their way. */
export function useItems(places: Place[], as_of: Day | undefined) {
  const wanted = new Map<string, ReturnType<typeof page>>();
  for (const { branch, position } of places) {
    const key = `${branch.code} ${Math.floor(position / PAGE)}`;
    if (!wanted.has(key)) wanted.set(key, page(branch.code, position, as_of));
  }
  const keys = [...wanted.keys()];
  const answers = useQueries({ queries: [...wanted.values()] });
  const error = answers.find((answer) => answer.error)?.error;
  const itemAt = ({ branch, position }: Place): UnitItem | undefined => {
    const answer = answers[keys.indexOf(`${branch.code} ${Math.floor(position / PAGE)}`)];
    return answer?.data?.items[position % PAGE];
  };
  return { itemAt, error };
}
