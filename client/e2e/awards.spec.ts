import { expect, test } from "@playwright/test";
import { complaints, seemsFine, signIn } from "./person";

const UNIT = "Công đoàn Trường Trung cấp Ngoại Thương";
const TITLE = "Thành tích xuất sắc trong phong trào thi đua năm 2025";
const PERSON = "Người Thứ Nhất";

test("an award is proposed, approved by the superior, and tells of its person to those alone who may know", async ({
  browser,
}) => {
  complaints.length = 0;
  const recorder = await signIn(browser, "recorder");
  await recorder.getByRole("link", { name: "Khen thưởng", exact: true }).click();
  await seemsFine(recorder, "Khen thưởng");
  await recorder.getByRole("link", { name: "Ghi khen thưởng" }).click();
  await recorder.getByLabel("Thành tích được khen").fill(TITLE);
  await recorder.getByRole("combobox", { name: "Khen cho" }).click();
  await recorder.getByRole("option", { name: "Cá nhân" }).click();
  await recorder.getByLabel("Ngày", { exact: true }).fill("31/12/2025");
  await recorder.getByLabel("Họ và tên").fill(PERSON);
  await seemsFine(recorder, "Ghi khen thưởng");
  await recorder.getByRole("button", { name: "Lưu và gửi duyệt" }).click();
  await seemsFine(recorder, /Khen thưởng số/);
  await expect(recorder.getByText("Bạn không có quyền xem dữ liệu cá nhân")).toBeVisible();
  await expect(recorder.getByText(PERSON)).toHaveCount(0);

  const approver = await signIn(browser, "approver");
  await approver.getByRole("link", { name: /^Chờ duyệt/ }).click();
  await approver.getByRole("button", { name: new RegExp(`^${TITLE}`) }).click();
  await expect(approver.getByRole("heading", { level: 2, name: TITLE })).toBeVisible();
  await expect(approver.getByText(PERSON)).toBeVisible();
  await seemsFine(approver, "Chờ duyệt");
  await approver.getByRole("button", { name: /^Duyệt/ }).click();
  await expect(approver.getByRole("heading", { level: 2, name: TITLE })).toHaveCount(0);

  await recorder.goto("/units/hn-tcnt?tab=awards");
  await recorder.getByRole("link", { name: TITLE }).first().click();
  await expect(recorder.getByText("Đã duyệt").first()).toBeVisible();
  await expect(recorder.getByRole("link", { name: UNIT }).first()).toBeVisible();

  expect(complaints).toEqual([]);
});
