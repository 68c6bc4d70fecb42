/** A network that goes, or is slow, in the middle of a form: nothing that was typed is lost. (An ended session: e2e.) */
import { expect, type Page, test } from "@playwright/test";
import { seemsFine, signIn } from "../e2e/person";

const form = (page: Page) => ({
  title: page.getByLabel("Tên hoạt động"),
  text: page.getByLabel("Diễn biến, kết quả"),
  save: page.getByRole("button", { name: "Lưu nháp" }),
});

async function begin(page: Page, title: string) {
  await page.getByRole("link", { name: "Ghi hoạt động" }).click();
  await form(page).title.fill(title);
  await page.getByRole("combobox", { name: "Loại" }).fill("thăm");
  await page.getByRole("listbox").getByRole("option").first().click();
  await page.getByLabel("Ngày", { exact: true }).fill("8/3/2025");
}

test("where the network is cut, saving is refused in words and works once it is back", async ({
  browser,
}) => {
  const page = await signIn(browser, "recorder");
  await begin(page, "Thăm đoàn viên khi mất mạng");
  await page.context().setOffline(true);
  await expect(page.getByText(/Không có mạng|Mất kết nối/).first()).toBeVisible();
  await form(page).text.fill("Nhập khi không có mạng");
  await form(page).save.click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await expect(form(page).title).toHaveValue("Thăm đoàn viên khi mất mạng");
  await expect(form(page).text).toHaveValue("Nhập khi không có mạng");

  await page.context().setOffline(false);
  await form(page).save.click();
  await seemsFine(page, /Hoạt động số/);
  await expect(page.getByText("Nhập khi không có mạng")).toBeVisible();
});

test("a tab that is closed without a network comes back with what was typed", async ({
  browser,
}) => {
  const page = await signIn(browser, "recorder");
  await begin(page, "Thăm đoàn viên rồi đóng máy");
  await page.context().setOffline(true);
  await form(page).text.fill("Dòng cuối trước khi đóng");
  await expect(page.getByText(/đã giữ trên máy này/)).toBeVisible();
  await page.close({ runBeforeUnload: false });
  await page.context().setOffline(false);
  const again = await page.context().newPage();
  await again.goto("/activities/new");
  await expect(form(again).title).toHaveValue("Thăm đoàn viên rồi đóng máy");
  await expect(form(again).text).toHaveValue("Dòng cuối trước khi đóng");
  await form(again).save.click();
  await seemsFine(again, /Hoạt động số/);
});

test("over a slow network what is typed at once stays, and pressing twice saves once", async ({
  browser,
}) => {
  const page = await signIn(browser, "recorder");
  const network = await page.context().newCDPSession(page);
  // A telephone at the edge of its network: 400 ms for each request, 1.6 Mbit/s.
  const bytes = (1.6 * 1024 * 1024) / 8;
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 400,
    downloadThroughput: bytes,
    uploadThroughput: bytes / 2,
  });
  await begin(page, "Thăm đoàn viên qua mạng chậm");
  await form(page).save.dblclick();
  await seemsFine(page, /Hoạt động số/);
  await page.goto("/activities?q=mang+cham");
  await expect(page.getByRole("link", { name: "Thăm đoàn viên qua mạng chậm" })).toHaveCount(1);
});
