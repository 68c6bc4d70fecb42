import { expect, test } from "@playwright/test";
import { recorded, seemsFine, signIn } from "./person";

const UNIT = { unit: "hn-tcnt" };

test("a filter is kept under a name, and leads back to what it narrowed the list to", async ({
  browser,
}) => {
  await recorded("recorder", { ...UNIT, title: "Tập huấn nghiệp vụ kế toán" });
  await recorded("recorder", { ...UNIT, title: "Giải bóng bàn" });
  const page = await signIn(browser, "recorder");
  await page.getByRole("navigation").getByRole("link", { name: "Hoạt động", exact: true }).click();
  await page.getByRole("searchbox", { name: "Từ ngữ" }).fill("tap huan");
  await expect(page.getByRole("link", { name: "Giải bóng bàn" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Tập huấn nghiệp vụ kế toán" })).toHaveCount(1);
  await page.getByRole("tab", { name: "Nháp 1" }).click();
  await expect(page).toHaveURL(/q=tap\+huan.*state=draft|state=draft.*q=tap/);
  await seemsFine(page, "Hoạt động");

  await page.getByRole("button", { name: "Lưu bộ lọc này" }).click();
  await page.getByLabel("Tên bộ lọc").fill("Tập huấn chưa gửi");
  await seemsFine(page, "Hoạt động");
  await page.getByRole("button", { name: "Lưu", exact: true }).click();
  const kept = page.getByRole("link", { name: "Tập huấn chưa gửi" });
  await expect(kept).toHaveAttribute("aria-current", "page");

  await page.goto("/activities");
  await expect(page.getByRole("link", { name: "Giải bóng bàn" })).toHaveCount(1);
  await kept.click();
  await expect(page.getByRole("searchbox", { name: "Từ ngữ" })).toHaveValue("tap huan");
  await expect(page.getByRole("tab", { name: "Nháp 1" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("link", { name: "Giải bóng bàn" })).toHaveCount(0);

  await page.getByRole("button", { name: "Đổi tên" }).click();
  await page.getByRole("textbox", { name: "Tên bộ lọc" }).fill("Tập huấn còn nháp");
  await page.getByRole("button", { name: "Lưu", exact: true }).click();
  const renamed = page.getByRole("link", { name: "Tập huấn còn nháp" });
  await expect(renamed).toHaveAttribute("aria-current", "page");
  await expect(kept).toHaveCount(0);

  await page.getByRole("button", { name: "Xóa bộ lọc đã lưu" }).click();
  await page.getByRole("button", { name: "Xóa “Tập huấn còn nháp”" }).click();
  await expect(renamed).toHaveCount(0);
});
