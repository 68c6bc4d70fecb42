import { expect, test } from "@playwright/test";
import { seemsFine, signIn } from "./person";

test("on a phone the field that has the focus is never hidden by the bar that saves", async ({
  browser,
}) => {
  const page = await signIn(browser, "recorder");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.getByRole("link", { name: "Ghi hoạt động" }).click();
  await seemsFine(page, "Ghi hoạt động");
  const save = page.getByRole("button", { name: "Lưu nháp" });
  await page.getByLabel("Tên hoạt động").fill("Hội thao");
  await expect(page.getByText(/đã giữ trên máy này/)).toBeVisible();
  await expect(save).toBeInViewport();
  const focused = page.locator(":focus");
  while (!(await save.evaluate((button) => button === document.activeElement))) {
    await page.keyboard.press("Tab");
    const covered = await focused.evaluate((field) => {
      const { left, top, width, height } = field.getBoundingClientRect();
      const seen = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 16));
      return seen !== field && !field.contains(seen) && seen?.outerHTML;
    });
    expect(covered).toBe(false);
  }
});

test("on a phone the tree is walked one level at a time, with the way up above it", async ({
  browser,
}) => {
  const page = await signIn(browser, "recorder");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto("/units");
  await page.getByRole("link", { name: /^Liên đoàn Lao động thành phố Hà Nội/ }).click();
  const above = page.getByRole("navigation", { name: "Cấp trên" });
  await expect(above.getByRole("link")).toHaveCount(1);
  await expect(page.getByText("Liên đoàn Lao động thành phố Hà Nội")).toBeVisible();
  await page.getByRole("link", { name: "Mở trang đơn vị" }).click();
  await seemsFine(page, "Liên đoàn Lao động thành phố Hà Nội");
  await page.goBack();
  await above.getByRole("link").click();
  await expect(
    page.getByRole("link", { name: /^Liên đoàn Lao động thành phố Hà Nội/ }),
  ).toBeVisible();
});
