import { describe, expect, test, vi } from "vitest";

vi.mock("@/api/client", () => ({ byCode: (code: string) => `code:${code}` }));
const { activitiesSearch, queryOf, searchOf } = await import("./search");

describe("a filter of the list", () => {
  test("asks the API for its unit by code, in today's tree where nothing else is said", () => {
    expect(queryOf({ unit: "hn-q-btl", q: "hội nghị", open: 3 })).toMatchObject({
      unit: "code:hn-q-btl",
      tree: "now",
      q: "hội nghị",
    });
  });

  test("that was kept leads to the address that it was kept from", () => {
    const search = activitiesSearch({ unit: "hn-q-btl", tree: "then", state: "draft", q: "thăm" });
    expect(searchOf(queryOf(search))).toEqual(search);
  });

  test("leaves out what the list doesn't know", () => {
    expect(activitiesSearch({ state: "lost", from: "yesterday", q: "" })).toEqual({});
  });
});
