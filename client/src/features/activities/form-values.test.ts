import { expect, test } from "vitest";
import { type Content, contentOf, EMPTY, patchBetween, valuesOf } from "./form-values";

const content: Content = {
  unit: "hn-tcnt",
  kind: "visit",
  status: "held",
  title: "Thăm đoàn viên ốm đau",
  text: null,
  period: "2025-03-08",
  place: null,
  participants: 12,
  women: null,
  beneficiaries: 0,
  amounts: [
    { source: "unit", amount: 8_500_000, qualifier: "exact" },
    { source: null, amount: 1_000_000_000, qualifier: "more_than" },
  ],
  goods: [{ name: "khẩu trang", quantity: 30_000, qualifier: "more_than", unit: null }],
  documents: [],
};

test("a content survives the form, and zero is not the same as unknown", () => {
  expect(contentOf(valuesOf(content))).toEqual(content);
});

test("rows in which nothing was entered are not sent", () => {
  const values = {
    ...EMPTY,
    amounts: [{ source: "city" as const, amount: "" as const }],
    goods: [{ name: " ", quantity: "" as const, unit: "" }],
  };
  expect(contentOf(values)).toMatchObject({ amounts: [], goods: [] });
});

test("a patch names what differs and nothing else", () => {
  const after = { ...content, place: "Hội trường", participants: null };
  expect(patchBetween(content, after)).toEqual({ place: "Hội trường", participants: null });
  expect(patchBetween(content, contentOf(valuesOf(content)))).toEqual({});
});
