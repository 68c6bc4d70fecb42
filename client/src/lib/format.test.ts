import { expect, test } from "vitest";
import { daysSince, formatDay, formatInstant, formatNumber, lastDay } from "./format";
import { parseDay } from "./parse-day";

test("days and numbers are written as in Vietnam", () => {
  expect(formatDay("2025-07-01")).toBe("01/07/2025");
  expect(formatNumber(1_234_567.8)).toBe("1.234.567,8");
  // Half past six in the evening, by the world's clock, is past midnight in Hanoi.
  expect(formatInstant("2026-11-20T18:30:00.000000Z")).toBe("21/11/2026 01:30");
});

test("the last day of a stretch is the one before it no longer holds", () => {
  expect(lastDay("2025-07-01")).toBe("2025-06-30");
  expect(lastDay("2024-03-01")).toBe("2024-02-29");
});

test("what waits is counted in whole days", () => {
  const now = Date.parse("2026-11-21T02:00:00Z");
  expect(daysSince("2026-11-14T02:00:01Z", now)).toBe(6);
  expect(daysSince("2026-11-14T02:00:00Z", now)).toBe(7);
});

test("a day is read as people type it, and no day is made up", () => {
  for (const typed of ["1/7/2025", "01/07/2025", " 1.7.2025 ", "2025-07-01"]) {
    expect(parseDay(typed)).toBe("2025-07-01");
  }
  for (const typed of ["", "31/2/2025", "1/7", "7/2025", "hôm nay", "2025-13-01"]) {
    expect(parseDay(typed)).toBeUndefined();
  }
});
