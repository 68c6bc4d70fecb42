import { describe, expect, test } from "vitest";
import { type Branch, closed, isOpen, opened, placeOf, rowOf, sizeOf } from "./branches";

const leaf = (code: string, count: number, position: number) => ({
  code,
  count,
  position,
  open: [],
});

/** The root has three children; the second one, with two, and the first of these, with one, are open. */
const tree: Branch = {
  code: "root",
  count: 3,
  open: [{ ...leaf("b", 2, 1), open: [leaf("b1", 1, 0)] }],
};

const shown = (branch: Branch) =>
  Array.from({ length: sizeOf(branch) }, (_, row) => {
    const { branch: parent, position, depth } = placeOf(branch, row);
    return `${"-".repeat(depth)}${parent.code}/${position}`;
  });

describe("the rows of a tree", () => {
  test("are its children, each followed by what is open below it", () => {
    expect(shown(tree)).toEqual(["root/0", "root/1", "-b/0", "--b1/0", "-b/1", "root/2"]);
  });

  test("are found again by the way to them", () => {
    for (let row = 0; row < sizeOf(tree); row++) {
      const place = placeOf(tree, row);
      expect(rowOf(tree, place.above, place.position)).toBe(row);
    }
  });

  test("follow their branch: the first child stands right below it", () => {
    expect(rowOf(tree, ["root", "b"], 0)).toBe(rowOf(tree, ["root"], 1) + 1);
    expect(rowOf(tree, ["root", "b", "b1"], 0)).toBe(rowOf(tree, ["root", "b"], 0) + 1);
  });

  test("are as many as ten thousand without being listed", () => {
    const nation = opened(
      { code: "root", count: 10_500, open: [] } as Branch,
      ["root"],
      leaf("x", 20, 5_000),
    );
    expect(sizeOf(nation)).toBe(10_520);
    expect(placeOf(nation, 9_020)).toMatchObject({ position: 9_000, depth: 0 });
  });

  test("come and go with a branch, and stay in the order of the siblings", () => {
    const both = opened(tree, ["root"], leaf("a", 1, 0));
    expect(shown(both).slice(0, 3)).toEqual(["root/0", "-a/0", "root/1"]);
    expect(isOpen(both, ["root", "b"], "b1")).toBe(true);
    expect(shown(closed(both, ["root"], "b"))).toEqual(["root/0", "-a/0", "root/1", "root/2"]);
    expect(sizeOf(closed(tree, ["root", "b"], "b1"))).toBe(5);
  });
});
