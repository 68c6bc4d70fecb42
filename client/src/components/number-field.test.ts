import { expect, test } from "vitest";
import { readCount } from "./number-field";

test("a whole number is read whatever separates its thousands", () => {
  expect(readCount("1.011")).toBe(1011);
  expect(readCount("8 500 000")).toBe(8_500_000);
  expect(readCount("0")).toBe(0);
  expect(readCount("")).toBe("");
});
