import { i18n } from "@lingui/core";
import { expect, test } from "vitest";
import { formatQuantity, formatTold } from "./quantity";

i18n.loadAndActivate({ locale: "vi", messages: {} });

test("a number says how sure it is", () => {
  expect(formatQuantity(30_000, "more_than")).toBe("hơn 30.000");
  expect(formatQuantity(5_000, "nearly")).toBe("gần 5.000");
  expect(formatQuantity(242)).toBe("242");
});

test("a figure is told in the measure's decimals, with what was not told as a number", () => {
  expect(formatTold({ qualifier: "more_than", value: 850 }, 2)).toBe("hơn 8,5");
  expect(formatTold({ qualifier: "range", value_min: 1, value_max: 4 }, 0)).toBe("từ 1 đến 4");
  expect(formatTold({ qualifier: "unquantified" }, 0)).toBe("không nêu số");
  expect(formatTold({ qualifier: "at_least", value: 7, unquantified: 2 }, 0)).toBe(
    "ít nhất 7 (2 số liệu không nêu số)",
  );
});
