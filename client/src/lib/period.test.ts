import { expect, test } from "vitest";
import { readPeriod, writePeriod } from "./period";

test("a period is taken apart and put together again", () => {
  for (const text of ["2020-11", "2020-Q3", "2020-H1", "2020", "SY2019"]) {
    const { form, year, part } = readPeriod(text);
    expect(writePeriod(form, year, part)).toBe(text);
  }
  expect(readPeriod("2020-11-18").form).toBe("day");
  expect(readPeriod("T2017-2022").form).toBe("other");
});

test("half of a year's number is no period", () => {
  expect(writePeriod("year", "20", "1")).toBe("");
});
