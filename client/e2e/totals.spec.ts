import { expect, test } from "@playwright/test";
import { complaints, seemsFine, signIn } from "./person";

const DISTRICT = "Liên đoàn Lao động quận Hoàn Kiếm";
const GIFTS = "Suất quà tặng đoàn viên, người lao động khó khăn";

test("a total of the city is followed down to the record that tells it", async ({ browser }) => {
  complaints.length = 0;
  const page = await signIn(browser, "viewer");
  await page.goto("/units/hn?period=2020");
  await page.getByRole("tab", { name: "Số liệu", exact: true }).click();
  const figures = page.getByRole("table", { name: "Số liệu" });
  await expect(figures.getByRole("row", { name: GIFTS })).toContainText("242");
  await seemsFine(page, "Liên đoàn Lao động thành phố Hà Nội");

  await figures.getByRole("link", { name: GIFTS }).click();
  await seemsFine(page, GIFTS);
  await page.getByRole("table", { name: "Đơn vị trực thuộc" }).getByText(DISTRICT).click();
  await expect(page).toHaveURL(/\/units\/hn-q-hk\/figures\/gifts_given\?period=(%22)?2020/);
  const own = page.getByRole("table", { name: "Số do chính đơn vị này ghi" });
  await expect(own.getByRole("row").last()).toContainText("được tính");
  await seemsFine(page, GIFTS);
  await own.getByRole("link").first().click();
  await seemsFine(page, /Hoạt động số/);
  await expect(page.getByText(`${GIFTS}: 242`)).toBeVisible();

  expect(complaints).toEqual([]);
});

test("what a unit declared stands beside what was added up, and a unit that ended has no figures of today", async ({
  browser,
}) => {
  complaints.length = 0;
  const page = await signIn(browser, "viewer");
  await page.goto("/units/hn-vc?tab=figures&period=2023");
  await expect(
    page.getByText("Đơn vị báo tổng: 8 · cộng từ từng đơn vị: 2 · chênh lệch: +6"),
  ).toBeVisible();
  await page.getByText("Tổ chức hôm nay").click();
  await expect(page.getByText("Đơn vị này nay không còn hoạt động")).toBeVisible();
  await seemsFine(page, "Công đoàn Viên chức thành phố Hà Nội");

  await page.getByText("Tổ chức khi đó", { exact: true }).click();
  await page.getByLabel("Năm", { exact: true }).fill("2019");
  await expect(page.getByText("Chưa có số liệu nào cho thời gian này")).toBeVisible();
  await expect(page).toHaveURL(/period=(%22)?2019/);

  expect(complaints).toEqual([]);
});
