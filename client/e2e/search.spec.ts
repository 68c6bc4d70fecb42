import { expect, test } from "@playwright/test";
import { complaints, faults, recorded, seemsFine, signIn } from "./person";

test("by keyboard alone a record is found by its words, a page by its name, and something is begun", async ({
  browser,
}) => {
  complaints.length = 0;
  for (const title of [
    "Tập huấn an toàn lao động",
    "Tập huấn kế toán",
    "Tập huấn pháp luật",
    "Tập huấn",
  ])
    await recorded("recorder", { unit: "hn-tcnt", title });
  const page = await signIn(browser, "recorder");
  const search = async (words: string) => {
    await page.keyboard.press("Control+k");
    await expect(page.getByRole("textbox", { name: "Tìm kiếm" })).toBeFocused();
    await page.keyboard.type(words);
  };
  const group = (name: string) => page.getByRole("group", { name });

  await search("tap huan");
  await expect(group("Hoạt động").getByRole("button")).toHaveCount(4);
  await expect(group("Trang")).toHaveCount(0);
  expect(await faults(page)).toEqual([]);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/activities\?q=/);
  await seemsFine(page, "Hoạt động");

  await search("an toan tap huan");
  await expect(group("Hoạt động").getByRole("button")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2 })).toHaveText("Tập huấn an toàn lao động");

  await search("doi tac");
  await expect(group("Trang").getByRole("button", { name: "Đối tác" })).toBeVisible();
  await page.keyboard.press("Enter");
  await seemsFine(page, "Đối tác");

  await search("khen");
  await expect(group("Thao tác").getByRole("button")).toHaveText(["Ghi khen thưởng"]);
  await page.keyboard.press("Enter");
  await seemsFine(page, "Ghi khen thưởng");

  // Who only reads begins nothing.
  const viewer = await signIn(browser, "viewer");
  await viewer.keyboard.press("Control+k");
  await expect(viewer.getByRole("group", { name: "Thao tác" }).getByRole("button")).toHaveText([
    "Tài khoản của tôi",
  ]);
  expect(complaints).toEqual([]);
});
