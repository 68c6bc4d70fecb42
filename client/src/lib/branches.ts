/**
 * The rows of a tree of which only some branches are open, and of these only some pages are loaded.
 *
 * A row is named by its number from the top. What stands there is worked out from the open branches alone,
 * of which there are few, however many children a branch has.
 */

export type Branch = {
  code: string;
  /** How many children it has. */
  count: number;
  /** Those of its children that are open themselves, with their places among the siblings. */
  open: readonly OpenChild[];
};

export type OpenChild = Branch & { position: number };

/** The place of a row: which child of which branch, how deep, and the codes of all branches above it. */
export type Place = { branch: Branch; position: number; depth: number; above: readonly string[] };

/** How many rows stand below it. */
export function sizeOf(branch: Branch): number {
  return branch.open.reduce((sum, child) => sum + sizeOf(child), branch.count);
}

/** What stands in a row below a branch. */
export function placeOf(
  branch: Branch,
  row: number,
  depth = 0,
  above: readonly string[] = [],
): Place {
  let shift = 0;
  const path = [...above, branch.code];
  for (const child of branch.open) {
    const first = child.position + shift + 1;
    if (row < first) break;
    const size = sizeOf(child);
    if (row < first + size) return placeOf(child, row - first, depth + 1, path);
    shift += size;
  }
  return { branch, position: row - shift, depth, above: path };
}

/** The row in which a child stands: `path` names the open branches from the top down to its parent. */
export function rowOf(branch: Branch, path: readonly string[], position: number): number {
  const [, next, ...rest] = path;
  const before = (limit: number) =>
    branch.open.reduce((sum, child) => (child.position < limit ? sum + sizeOf(child) : sum), 0);
  if (next === undefined) return position + before(position);
  const child = branch.open.find((child) => child.code === next);
  if (!child) return 0;
  return child.position + before(child.position) + 1 + rowOf(child, [next, ...rest], position);
}

/** The tree with one more open branch; `path` names the branches from the top down to its parent. */
export function opened<B extends Branch>(branch: B, path: readonly string[], child: OpenChild): B {
  const [, next, ...rest] = path;
  if (next === undefined) {
    const others = branch.open.filter((other) => other.code !== child.code);
    const open = [...others, child].sort((a, b) => a.position - b.position);
    return { ...branch, open };
  }
  const open = branch.open.map((other) =>
    other.code === next ? opened(other, [next, ...rest], child) : other,
  );
  return { ...branch, open };
}

/** The tree without an open branch, and without what was open below it. */
export function closed<B extends Branch>(branch: B, path: readonly string[], code: string): B {
  const [, next, ...rest] = path;
  const open =
    next === undefined
      ? branch.open.filter((child) => child.code !== code)
      : branch.open.map((child) =>
          child.code === next ? closed(child, [next, ...rest], code) : child,
        );
  return { ...branch, open };
}

/** Whether the child of this code is open, wherever `path` leads. */
export function isOpen(branch: Branch, path: readonly string[], code: string): boolean {
  const [, next, ...rest] = path;
  if (next === undefined) return branch.open.some((child) => child.code === code);
  const child = branch.open.find((child) => child.code === next);
  return child !== undefined && isOpen(child, [next, ...rest], code);
}
