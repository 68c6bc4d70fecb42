import { expect, test } from "@playwright/test";
import { complaints, seemsFine, signIn } from "./person";

const UNIT = "Công đoàn Trường Trung cấp Ngoại Thương";
/** A picture of one dot. */
const PHOTO =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
const TITLE = "Thăm đoàn viên ốm đau";

test("an activity is recorded, submitted, approved by the superior, and found at its unit", async ({
  browser,
}) => {
  complaints.length = 0;
  const recorder = await signIn(browser, "recorder");
  await seemsFine(recorder, /Xin chào/);

  // A unit is found without diacritics, wherever one is.
  await recorder.keyboard.press("Control+k");
  await recorder.getByPlaceholder(/có dấu hay không dấu/).fill("trung cap ngoai thuong");
  await recorder.getByRole("button", { name: new RegExp(`^${UNIT}`) }).click();
  await seemsFine(recorder, UNIT);
  await expect(recorder.getByRole("treeitem", { name: UNIT })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await recorder.getByRole("tab", { name: "Lịch sử" }).click();
  await expect(recorder.getByText("Chuyển giao, tiếp nhận").first()).toBeVisible();
  await seemsFine(recorder, UNIT);

  // The form knows the unit; what is missing is said beside the field.
  await recorder.getByRole("link", { name: "Ghi hoạt động" }).click();
  await seemsFine(recorder, "Ghi hoạt động");
  await expect(recorder.getByRole("combobox", { name: "Đơn vị" })).toHaveValue(UNIT);
  await recorder.getByRole("button", { name: "Lưu nháp" }).click();
  await expect(recorder.getByText("Hãy điền chỗ này").first()).toBeVisible();
  await recorder.getByLabel("Tên hoạt động").fill(TITLE);
  await recorder.getByRole("combobox", { name: "Loại" }).fill("thăm");
  await recorder.getByRole("listbox").getByRole("option").first().click();
  await recorder.getByLabel("Ngày", { exact: true }).fill("8/3/2025");
  await recorder.getByLabel("Số người tham gia", { exact: true }).fill("1250");
  await expect(recorder.getByLabel("Số người tham gia", { exact: true })).toHaveValue("1.250");
  await expect(recorder.getByText(/đã giữ trên máy này/)).toBeVisible();

  // What was typed survives a page that is loaded again.
  recorder.on("dialog", (dialog) => dialog.accept());
  await recorder.reload();
  await expect(recorder.getByLabel("Tên hoạt động")).toHaveValue(TITLE);
  await recorder.getByRole("button", { name: "Lưu nháp" }).click();
  await seemsFine(recorder, /Hoạt động số/);
  await expect(recorder.getByText("08/03/2025")).toBeVisible();
  await recorder.locator("input[type=file][multiple]").setInputFiles({
    name: "thăm hỏi.png",
    mimeType: "image/png",
    buffer: Buffer.from(PHOTO, "base64"),
  });
  await expect(recorder.getByRole("button", { name: "thăm hỏi.png", exact: true })).toBeVisible();
  await seemsFine(recorder, /Hoạt động số/);
  await recorder.getByRole("button", { name: "Gửi duyệt" }).click();
  await expect(recorder.getByText("Chờ duyệt").first()).toBeVisible();
  await expect(recorder.getByRole("button", { name: "Rút về để sửa" })).toBeVisible();

  // The superior finds it waiting, and approves it by a key.
  const approver = await signIn(browser, "approver");
  await approver.getByRole("link", { name: /^Chờ duyệt/ }).click();
  await seemsFine(approver, "Chờ duyệt");
  const opened = approver.getByRole("heading", { level: 2, name: TITLE });
  // What others have sent up may wait before it.
  await expect(async () => {
    await approver.keyboard.press("j");
    await expect(opened).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(approver.getByRole("button", { name: "thăm hỏi.png" })).toBeVisible();
  await seemsFine(approver, "Chờ duyệt");
  await approver.keyboard.press("a");
  await expect(opened).toHaveCount(0);

  // It stands in the list of its unit: today's, and that of the district of then.
  await recorder.goto("/units/hn-tcnt?tab=activities");
  await expect(recorder.getByRole("link", { name: TITLE }).first()).toBeVisible();
  await expect(recorder.getByText("Đã duyệt").first()).toBeVisible();
  await seemsFine(recorder, UNIT);
  await approver.goto("/units/hn-q-btl?tab=activities&tree=then");
  await expect(approver.getByRole("link", { name: TITLE }).first()).toBeVisible();
  await seemsFine(approver, /Bắc Từ Liêm/);

  await approver.goto("/activities");
  await approver.getByRole("link", { name: TITLE }).first().click();
  await expect(approver.getByRole("heading", { level: 2, name: TITLE })).toBeVisible();
  await seemsFine(approver, "Hoạt động");

  expect(complaints).toEqual([]);
});
