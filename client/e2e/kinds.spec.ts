import { expect, test } from "@playwright/test";
import { complaints, recorded, seemsFine, signIn } from "./person";

const TITLE = "Kiểm tra tài chính công đoàn năm 2025";
const PARTNER = "Công ty Cổ phần Thứ Nhất";

test("an inspection names a partner that was just added, is linked to an activity, and found by its open task", async ({
  browser,
}) => {
  complaints.length = 0;
  await recorded("recorder", { unit: "hn-tcnt", title: "Họp ban chấp hành tháng ba" });
  const page = await signIn(browser, "recorder");
  await page.getByRole("link", { name: "Đối tác", exact: true }).click();
  await seemsFine(page, "Đối tác");
  await page.getByRole("link", { name: "Thêm đối tác" }).click();
  await page
    .getByLabel(/^Tên \*?/)
    .first()
    .fill(PARTNER);
  await page.getByRole("combobox", { name: "Loại" }).click();
  await page.getByRole("option", { name: "Doanh nghiệp" }).click();
  await page.getByRole("button", { name: "Lưu", exact: true }).click();
  await seemsFine(page, PARTNER);

  await page.getByRole("link", { name: "Kiểm tra, giám sát" }).click();
  await page.getByRole("link", { name: "Ghi cuộc kiểm tra" }).click();
  await page.getByLabel("Nội dung kiểm tra").fill(TITLE);
  await page.getByRole("combobox", { name: "Loại" }).click();
  await page.getByRole("option", { name: "Giám sát" }).click();
  await page.getByLabel("Ngày", { exact: true }).fill("8/3/2025");
  await page.getByRole("combobox", { name: "Đơn vị được kiểm tra" }).fill("ngoai thuong");
  await page
    .getByRole("option", { name: /Ngoại Thương/ })
    .first()
    .click();
  await page.getByRole("combobox", { name: "Đối tác" }).fill("cong ty thu nhat");
  await page.getByRole("option", { name: PARTNER }).click();
  await page.getByRole("button", { name: "Thêm việc" }).click();
  await page.getByRole("combobox", { name: "Đơn vị phải làm" }).fill("ngoai thuong");
  await page
    .getByRole("option", { name: /Ngoại Thương/ })
    .first()
    .click();
  await page.getByLabel("Hạn").fill("30/6/2025");

  // A paper that nobody has entered yet is entered on the way.
  await page.getByRole("button", { name: "Nhập văn bản chưa có" }).click();
  await page.getByLabel("Số, ký hiệu").fill("12/QĐ-CĐCS");
  await seemsFine(page, "Ghi cuộc kiểm tra");
  await page.getByRole("button", { name: "Lưu văn bản" }).click();
  await expect(page.getByRole("combobox", { name: "Văn bản" }).first()).toHaveValue("12/QĐ-CĐCS");

  // A row that is half filled in is said to be so.
  await page.getByRole("button", { name: "Lưu nháp" }).click();
  await expect(page.getByText("Hãy điền chỗ này")).toBeVisible();
  await page.getByLabel("Việc", { exact: true }).fill("Bổ sung hồ sơ");
  await seemsFine(page, "Ghi cuộc kiểm tra");
  await page.getByRole("button", { name: "Lưu nháp" }).click();
  await seemsFine(page, /Cuộc kiểm tra số/);
  await expect(page.getByText(/Bổ sung hồ sơ/)).toBeVisible();

  // What it has to do with an activity is seen at both.
  await page.getByRole("button", { name: "Thêm mục liên quan" }).click();
  await page.getByLabel("Liên quan thế nào").selectOption("follows");
  await page.getByRole("combobox", { name: "Từ ngữ" }).fill("hop ban chap hanh");
  await page.getByRole("option", { name: "Họp ban chấp hành tháng ba" }).click();
  await page.getByRole("button", { name: "Thêm", exact: true }).click();
  await page.getByRole("link", { name: "Họp ban chấp hành tháng ba" }).click();
  await seemsFine(page, /Hoạt động số/);
  await page.getByRole("link", { name: TITLE }).click();
  await seemsFine(page, /Cuộc kiểm tra số/);

  // The partner has a page of its own.
  await page.getByRole("link", { name: PARTNER }).click();
  await seemsFine(page, PARTNER);

  // Whoever has open tasks is found by the day on which they are due.
  await page.goto("/inspections?task_due_to=2025-07-01");
  await expect(page.getByRole("link", { name: TITLE }).first()).toBeVisible();
  await seemsFine(page, "Kiểm tra, giám sát");
  await page.goto("/inspections?task_due_to=2025-06-30");
  await expect(page.getByText("Không có mục nào khớp bộ lọc")).toBeVisible();

  expect(complaints).toEqual([]);
});
