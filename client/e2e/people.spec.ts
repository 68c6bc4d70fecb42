import { expect, test } from "@playwright/test";
import { recorded, seemsFine, signIn, typePassword } from "./person";

const TITLE = "Hội thi nấu ăn";

test("who saves over what another one changed meanwhile is shown both values, in words", async ({
  browser,
}) => {
  const id = await recorded("recorder", { unit: "hn-tcnt", title: TITLE, participants: 1200 });
  const late = await signIn(browser, "recorder");
  await late.goto(`/activities/${id}/edit`);
  await late.getByLabel("Địa điểm").fill("Sân trường");
  await late.getByLabel("Số người tham gia", { exact: true }).fill("1300");

  const early = await signIn(browser, "recorder");
  await early.goto(`/activities/${id}/edit`);
  await early.getByLabel("Số người tham gia", { exact: true }).fill("1400");
  await early.getByRole("combobox", { name: "Tình hình" }).click();
  await early.getByRole("option", { name: "Dự kiến" }).click();
  await early.getByRole("button", { name: "Lưu nháp" }).click();
  await seemsFine(early, /Hoạt động số/);

  await late.getByRole("button", { name: "Lưu nháp" }).click();
  const dialog = late.getByRole("dialog", { name: "Người khác đã sửa" });
  await expect(dialog.getByRole("row", { name: /^Số người tham gia 1\.300 1\.400/ })).toBeVisible();
  // What only one of them changed has its choice already.
  await expect(dialog.getByLabel("Sân trường")).toBeChecked();
  await expect(dialog.getByLabel("Dự kiến")).toBeChecked();
  await seemsFine(late, "Sửa hoạt động");
  await dialog.getByLabel("1.400").check();
  await dialog.getByRole("button", { name: "Lưu với lựa chọn này" }).click();
  await seemsFine(late, /Hoạt động số/);
  await expect(late.getByRole("row", { name: "Số người tham gia 1.400" })).toBeVisible();
  await expect(late.getByRole("row", { name: "Địa điểm Sân trường" })).toBeVisible();
  await expect(late.getByRole("row", { name: "Tình hình Dự kiến" })).toBeVisible();
});

test("who signs in after another one on the same browser sees nothing of theirs", async ({
  browser,
}) => {
  await recorded("recorder", { unit: "hn-tcnt", title: TITLE });
  const page = await signIn(browser, "recorder");
  await page.goto("/activities");
  await expect(page.getByRole("link", { name: TITLE }).first()).toBeVisible();
  await page.getByRole("link", { name: "Ghi hoạt động" }).click();
  await page.getByLabel("Tên hoạt động").fill("Việc riêng của người trước");
  await expect(page.getByText(/đã giữ trên máy này/)).toBeVisible();
  await page.getByRole("button", { name: "Đăng xuất" }).click();
  await page.getByRole("button", { name: "Xóa bản nháp và đăng xuất" }).click();

  // The address tells the next person nothing of what this one did.
  await expect(page).toHaveURL("/");
  await page.getByLabel("Tên đăng nhập").fill("organiser");
  // What the next person is shown is asked for anew: nothing stands there while the server says nothing.
  await page.route("**/api/v1/activities?**", () => undefined);
  await typePassword(page, "organiser");
  await page.getByRole("link", { name: "Hoạt động", exact: true }).click();
  await expect(page.getByRole("searchbox", { name: "Từ ngữ" })).toBeVisible();
  await expect(page.getByText(TITLE)).toHaveCount(0);
  await page.goto("/activities/new");
  await expect(page.getByRole("heading", { level: 1, name: "Ghi hoạt động" })).toBeVisible();
  await expect(page.getByLabel("Tên hoạt động")).toHaveValue("");
});

test("who signs out without a network is told, and the session ends once there is one", async ({
  browser,
}) => {
  const page = await signIn(browser, "recorder");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Đăng xuất" }).click();
  await expect(page.getByText("chưa báo được cho máy chủ")).toBeVisible();
  await seemsFine(page, "Đăng nhập");
  const ended = page.waitForResponse(/sessions:end$/);
  await page.context().setOffline(false);
  expect((await ended).status()).toBe(204);
  await expect(page.getByText("chưa báo được cho máy chủ")).toHaveCount(0);
  await page.reload();
  await seemsFine(page, "Đăng nhập");
});
