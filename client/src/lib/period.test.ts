import { i18n } from "@lingui/core";
import { expect, test } from "vitest";
import { formatPeriod, readPeriod, writePeriod } from "./period";

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

test("periods of the union's papers are said in words", () => {
  i18n.loadAndActivate({ locale: "vi", messages: {} });
  expect(formatPeriod("P5Y/2020")).toBe("5 năm đến 2020");
  expect(formatPeriod("T2017-2022")).toBe("Nhiệm kỳ 2017–2022");
  expect(formatPeriod("R2020-H1")).toBe("6 tháng đầu năm thống kê 2020");
  expect(formatPeriod("L2023-tet")).toBe("Tết 2023");
  expect(formatPeriod("2020-05/2020-07")).toBe("05/2020 – 07/2020");
});
