import { describe, expect, test, vi } from "vitest";
import { activity } from "@/components/record/kinds/activity";

vi.mock("@/api/client", () => ({ byCode: (code: string) => `code:${code}` }));
const { recordsSearch, queryOf, searchOf } = await import("./search");

describe("a filter of the list", () => {
  test("asks the API for its unit by code, in today's tree where nothing else is said", () => {
    const query = queryOf({ unit: "hn-q-btl", q: "hội nghị", open: 3 });
    expect(query).toEqual({ unit: "code:hn-q-btl", tree: "now", q: "hội nghị" });
  });

  test("that was kept leads to the address that it was kept from", () => {
    const told = { unit: "hn-q-btl", tree: "then", state: "draft", q: "thăm", partner: 7 };
    const search = recordsSearch(activity, told);
    expect(search).toMatchObject(told);
    expect(searchOf(activity, queryOf(search))).toEqual(search);
  });

  test("leaves out what the list doesn't know", () => {
    const told = {
      state: "lost",
      status: "lost",
      from: "yesterday",
      q: "",
      partner: "x",
      other: 1,
    };
    expect(recordsSearch(activity, told)).toEqual({});
  });
});
