import { expect, test } from "@playwright/test";
import { seemsFine, signIn, typePassword } from "./person";

test("a session that ends while a form is open loses nothing of it", async ({ browser }) => {
  const writing = await signIn(browser, "recorder");
  await writing.getByRole("link", { name: "Ghi hoạt động" }).click();
  await writing.getByLabel("Tên hoạt động").fill("Hội nghị người lao động năm 2025");
  await writing.getByRole("combobox", { name: "Loại" }).fill("hội nghị");
  await writing.getByRole("listbox").getByRole("option").first().click();
  await writing.getByLabel("Ngày", { exact: true }).fill("10/1/2025");

  // The same person ends the session from another browser.
  const elsewhere = await signIn(browser, "recorder");
  await elsewhere.goto("/profile");
  await seemsFine(elsewhere, "Tài khoản của tôi");
  await elsewhere.getByRole("button", { name: "Kết thúc mọi phiên khác" }).click();
  await expect(elsewhere.getByRole("button", { name: "Kết thúc", exact: true })).toHaveCount(0);

  // Saving asks for the password again, and then goes on by itself.
  await writing.getByRole("button", { name: "Lưu nháp" }).click();
  const dialog = writing.getByRole("dialog", { name: "Phiên đăng nhập đã kết thúc" });
  await expect(dialog.getByLabel("Tên đăng nhập")).toHaveValue("recorder");
  await typePassword(dialog, "recorder");
  await seemsFine(writing, /Hoạt động số/);
  await expect(
    writing.getByRole("heading", { level: 2, name: "Hội nghị người lao động năm 2025" }),
  ).toBeVisible();
});

test("a wrong password is told in words, and nobody gets in", async ({ browser }) => {
  const context = await browser.newContext({ baseURL: process.env.BASE_URL });
  const page = await context.newPage();
  await page.goto("/activities");
  await page.getByLabel("Tên đăng nhập").fill("recorder");
  await page.getByLabel(/^Mật khẩu/).fill("not the password at all");
  await page.getByRole("button", { name: "Đăng nhập" }).click();
  await expect(page.getByRole("alert")).toContainText("mật khẩu không đúng");
  await seemsFine(page, "Đăng nhập");
  await page.getByRole("button", { name: "English" }).click();
  await seemsFine(page, "Sign in");
});
