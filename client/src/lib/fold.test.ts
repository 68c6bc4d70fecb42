import { expect, test } from "vitest";
import { begins } from "./fold";

test("words are found by their beginnings, in any order, with marks or without", () => {
  for (const typed of ["", "hoat dong", "Hoạt", "dong ho", "ĐỘNG", "đo"])
    expect(begins("Hoạt động", typed), typed).toBe(true);
  for (const typed of ["oat", "hoat dong nam", "x"])
    expect(begins("Hoạt động", typed), typed).toBe(false);
});
