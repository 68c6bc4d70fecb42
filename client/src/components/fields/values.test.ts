import { expect, test } from "vitest";
import { activity } from "../record/kinds/activity";
import { award } from "../record/kinds/award";
import { beginning, contentOf, missing, patchBetween, valuesOf } from "./values";

const { fields } = activity;

const content = {
  unit: "hn-tcnt",
  kind: "visit",
  status: "held",
  title: "Thăm đoàn viên ốm đau",
  text: null,
  period: "2025-03-08",
  place: null,
  participants: 12,
  participants_qualifier: "about",
  women: null,
  women_qualifier: "exact",
  beneficiaries: 0,
  beneficiaries_qualifier: "exact",
  amounts: [
    { source: "unit", amount: 8_500_000, qualifier: "exact" },
    { source: null, amount: 1_000_000_000, qualifier: "more_than" },
  ],
  goods: [{ name: "khẩu trang", quantity: 30_000, qualifier: "more_than", unit: null }],
  partners: [7],
  campaigns: [],
  stated_figures: [{ subject: "Kế hoạch", text: "vượt trên 20 %" }],
  figures: [
    {
      measure: "members_admitted",
      coverage: "own",
      period: null,
      quantity: { qualifier: "exact", value: 0, value_min: null, value_max: null },
      text: null,
      basis: "stated",
    },
  ],
  documents: [],
};

test("a content survives the form, and zero is not the same as unknown", () => {
  expect(contentOf(fields, valuesOf(fields, content))).toEqual(content);
});

test("how sure a number is goes with the number", () => {
  const values = { ...valuesOf(fields, content), participants: "" };
  expect(contentOf(fields, values)).toMatchObject({
    participants: null,
    participants_qualifier: "exact",
  });
});

test("rows in which nothing was entered are not sent", () => {
  const values = {
    ...beginning(fields),
    amounts: [{ source: "city", qualifier: "exact", amount: "" }],
    goods: [{ name: " ", qualifier: "exact", quantity: "", unit: "" }],
  };
  expect(contentOf(fields, values)).toMatchObject({ amounts: [], goods: [] });
});

test("a patch names what differs and nothing else", () => {
  const after = { ...content, place: "Hội trường", participants: null };
  expect(patchBetween(content, after)).toEqual({ place: "Hội trường", participants: null });
  expect(patchBetween(content, contentOf(fields, valuesOf(fields, content)))).toEqual({});
});

test("what must be filled in is named, and a row that is half filled in too", () => {
  const values = {
    ...valuesOf(fields, content),
    title: " ",
    goods: [{ name: "khẩu trang", qualifier: "exact", quantity: "", unit: "" }],
  };
  expect(missing(fields, values)).toEqual(["title", "goods"]);
});

test("of what does not apply nothing is sent", () => {
  const values = {
    ...beginning(award.fields),
    recipient: "collective",
    person: { name: "Người thứ nhất", position: "" },
    status: "proposed",
    decided_on: "2024-01-15",
  };
  expect(contentOf(award.fields, values)).toMatchObject({ person: null, decided_on: null });
});
