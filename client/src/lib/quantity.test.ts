import { i18n } from "@lingui/core";
import { expect, test } from "vitest";
import { formatQuantity } from "./quantity";

i18n.loadAndActivate({ locale: "vi", messages: {} });

test("a number says how sure it is", () => {
  expect(formatQuantity(30_000, "more_than")).toBe("hơn 30.000");
  expect(formatQuantity(5_000, "nearly")).toBe("gần 5.000");
  expect(formatQuantity(242)).toBe("242");
});
