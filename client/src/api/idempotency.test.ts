import { expect, test } from "vitest";
import { done, keyOf } from "./idempotency";

const post = (body: string, version?: string) =>
  new Request("http://localhost/api/v1/activities", {
    method: "POST",
    body,
    headers: version ? { "If-Match": version } : {},
  });

test("what got no answer is sent again with the same key", async () => {
  const key = await keyOf(post("lost"));
  expect(await keyOf(post("lost"))).toBe(key);
});

test("what was done is meant anew the next time", async () => {
  const key = await keyOf(post("done"));
  done(key);
  expect(await keyOf(post("done"))).not.toBe(key);
});

test("another body or another version is another thing", async () => {
  const key = await keyOf(post("one", '"1"'));
  expect(await keyOf(post("other", '"1"'))).not.toBe(key);
  expect(await keyOf(post("one", '"2"'))).not.toBe(key);
});
