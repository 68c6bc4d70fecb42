import { expect, test } from "@playwright/test";
import { seemsFine, signIn } from "./person";

test("another system gets an account and a secret that is shown once, and loses it again", async ({
  browser,
}) => {
  const page = await signIn(browser, "integrator");
  await page.getByRole("link", { name: "Hệ thống khác" }).click();
  await seemsFine(page, "Hệ thống khác");
  await page.getByRole("button", { name: "Thêm hệ thống" }).click();
  await page.getByLabel("Tên của hệ thống").fill("Kho dữ liệu");
  await page.getByRole("checkbox").first().check();
  await page.getByLabel("Địa chỉ mạng").fill("10.1.0.0/16, 10.2.0.1");
  await seemsFine(page, "Hệ thống khác");
  await page.getByRole("button", { name: "Thêm hệ thống" }).last().click();
  await seemsFine(page, "Kho dữ liệu");
  await expect(page.getByText("10.1.0.0/16, 10.2.0.1/32")).toBeVisible();

  await page.getByRole("button", { name: "Sửa", exact: true }).click();
  await page.getByRole("checkbox").nth(1).check();
  await page.getByLabel("Ngày đầu tiên không còn hiệu lực").fill("1/1/2099");
  await seemsFine(page, "Kho dữ liệu");
  await page.getByRole("button", { name: "Lưu", exact: true }).click();
  await expect(page.getByText("31/12/2098")).toBeVisible();

  await page.getByRole("button", { name: "Tạo khóa bí mật" }).click();
  await expect(page.getByText("Hãy chép khóa này ngay")).toBeVisible();
  await seemsFine(page, "Kho dữ liệu");
  await page.reload();
  await expect(page.getByText("Tạo lúc")).toBeVisible();
  await expect(page.getByText("Hãy chép khóa này ngay")).toHaveCount(0);
  await page.getByRole("button", { name: "Xóa khóa" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Xóa khóa" }).click();
  await expect(page.getByText("Tạo lúc")).toHaveCount(0);
  await page.getByRole("button", { name: "Tạm ngừng" }).click();
  await expect(page.getByRole("button", { name: "Cho dùng lại" })).toBeVisible();
});
