import { expect, test } from "vitest";
import { isSame } from "./same";

test("what is left out says the same as null and as empty", () => {
  expect(isSame(undefined, null)).toBe(true);
  expect(isSame(null, [])).toBe(true);
  expect(isSame({ name: "khẩu trang", unit: null }, { name: "khẩu trang" })).toBe(true);
});

test("the order of members says nothing, that of a list does", () => {
  expect(isSame({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(isSame([1, 2], [2, 1])).toBe(false);
});

test("zero is not the same as unknown", () => {
  expect(isSame(0, null)).toBe(false);
});
