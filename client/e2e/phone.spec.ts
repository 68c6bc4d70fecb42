import { expect, test } from "@playwright/test";
import { seemsFine, signIn } from "./person";

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
