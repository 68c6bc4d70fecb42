import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { faults, recorded, seemsFine, signIn } from "./person";

const UNIT = { unit: "hn-tcnt" };

test("what a list is narrowed to comes as a file, with its words told and no formula in it", async ({
  browser,
}) => {
  await recorded("recorder", { ...UNIT, title: '=HYPERLINK("x") quyên góp; đợt một' });
  await recorded("recorder", { ...UNIT, title: "Quyên góp đợt hai" });
  const page = await signIn(browser, "recorder");
  await page.goto("/activities?q=quyen+gop&state=draft");
  await page.getByRole("button", { name: "Xuất CSV" }).click();
  const dialog = page.getByRole("dialog", { name: "Xuất ra tệp CSV" });
  await expect(dialog).toContainText("khớp bộ lọc");
  expect(await faults(page)).toEqual([]);
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Xuất" }).click();
  const file = await download;
  await expect(dialog.getByRole("status")).toContainText(
    `Đã xuất toàn bộ 2 mục vào tệp ${file.suggestedFilename()}.`,
  );
  const text = readFileSync(await file.path(), "utf8");
  const [head, second, first] = text.split("\r\n");
  expect(head).toMatch(/^\uFEFFSố;Trạng thái;Mã đơn vị;Đơn vị;Tên hoạt động;Loại;/);
  expect(second).toContain(
    ";Nháp;hn-tcnt;Công đoàn Trường Trung cấp Ngoại Thương;Quyên góp đợt hai;",
  );
  expect(first).toContain(`;"'=HYPERLINK(""x"") quyên góp; đợt một";`);
  expect(text.trim().split("\r\n")).toHaveLength(3);
});

test("the columns of a list are chosen, and stay chosen on this device", async ({ browser }) => {
  const page = await signIn(browser, "viewer");
  await page.goto("/activities");
  const columns = page.getByRole("columnheader");
  await expect(columns.filter({ hasText: "Thời gian" })).toHaveCount(1);
  await page.getByRole("button", { name: "Chọn cột" }).click();
  const dialog = page.getByRole("dialog", { name: "Chọn cột" });
  await dialog.getByLabel("Số người tham gia").check();
  await dialog.getByLabel("Thời gian").uncheck();
  expect(await faults(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Xong" }).click();
  await page.reload();
  await seemsFine(page, "Hoạt động");
  await expect(columns.filter({ hasText: "Số người tham gia" })).toHaveCount(1);
  await expect(columns.filter({ hasText: "Thời gian" })).toHaveCount(0);
  await page.getByRole("button", { name: "Chọn cột" }).click();
  await dialog.getByRole("button", { name: "Như ban đầu" }).click();
  await dialog.getByRole("button", { name: "Xong" }).click();
  await expect(columns.filter({ hasText: "Thời gian" })).toHaveCount(1);
});
