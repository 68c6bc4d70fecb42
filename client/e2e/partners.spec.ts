import { expect, test } from "@playwright/test";
import { recorded, seemsFine, signIn } from "./person";

test("who saves a partner that another one changed meanwhile is shown both values", async ({
  browser,
}) => {
  const content = { name: "Công ty May Thứ Nhất", kind: "business", unit: "hn-tcnt" };
  const id = await recorded("recorder", content, "partners");
  const late = await signIn(browser, "recorder");
  const early = await signIn(browser, "recorder");
  for (const page of [late, early]) {
    await page.goto(`/partners/${id}`);
    await page.getByRole("button", { name: "Sửa" }).click();
  }
  await late.getByLabel(/^Tên \*/).fill("Công ty May Thứ Hai");
  await early.getByLabel(/^Tên \*/).fill("Công ty May Thứ Ba");
  await early.getByLabel("Tên gọi khác").fill("May Ba");
  await early.getByRole("button", { name: "Lưu" }).click();
  await seemsFine(early, "Công ty May Thứ Ba");

  await late.getByRole("button", { name: "Lưu" }).click();
  const dialog = late.getByRole("dialog", { name: "Người khác đã sửa" });
  await expect(dialog.getByLabel("Công ty May Thứ Hai")).toBeChecked();
  await expect(dialog.getByLabel("Công ty May Thứ Ba")).not.toBeChecked();
  // What only the other one changed is kept, unless one chooses otherwise.
  await expect(dialog.getByLabel("May Ba", { exact: true })).toBeChecked();
  await seemsFine(late, /Công ty May/);
  await dialog.getByRole("button", { name: "Lưu với lựa chọn này" }).click();
  await seemsFine(late, "Công ty May Thứ Hai");
  await expect(late.getByRole("row", { name: "Tên gọi khác May Ba" })).toBeVisible();
});
