import { expect, test } from "@playwright/test";
import { recorded, seemsFine, signIn } from "./person";

const REASON = "Đã chốt số liệu năm 2019";
const UNIT = "Công đoàn Trường Trung cấp Ngoại Thương";

test("a closed period refuses what is sent up, says why, and lets it through once it is open again", async ({
  browser,
}) => {
  const id = await recorded("recorder", {
    unit: "hn-tcnt",
    title: "Hội thao năm 2019",
    period: "2019-05-06",
  });
  const approver = await signIn(browser, "approver");
  await approver.getByRole("link", { name: "Khóa kỳ" }).click();
  await seemsFine(approver, "Khóa kỳ");
  await approver.getByRole("button", { name: "Khóa một kỳ" }).click();
  const unit = approver.getByRole("combobox", { name: "Khóa cho đơn vị" });
  await unit.fill("trung cap ngoai thuong");
  await approver.getByRole("option", { name: UNIT }).first().click();
  await approver.getByRole("textbox", { name: "Năm" }).fill("2019");
  await approver.getByLabel("Lý do").fill(REASON);
  await seemsFine(approver, "Khóa kỳ");
  const writing = await signIn(browser, "recorder");
  await writing.goto(`/activities/${id}/edit`);
  await writing.getByLabel("Địa điểm").fill("Sân trường");
  await approver.getByRole("button", { name: "Khóa kỳ này" }).click();
  const lock = approver.getByRole("region", { name: "Năm 2019" });
  await expect(lock.getByText("Đang khóa")).toBeVisible();

  await writing.getByRole("button", { name: "Lưu và gửi duyệt" }).click();
  const refusal = writing.getByRole("alert");
  await expect(refusal).toContainText(`Kỳ “Năm 2019” đã được ${UNIT} khóa.`);
  await expect(refusal).toContainText(`Lý do: ${REASON}`);
  await seemsFine(writing, "Sửa hoạt động");

  await lock.getByRole("button", { name: "Đổi ngày hết khóa" }).click();
  await lock.getByLabel("Ngày đầu tiên không còn khóa").fill("1/1/2099");
  await lock.getByRole("button", { name: "Lưu" }).click();
  await expect(lock.getByText("Khóa đến hết ngày 31/12/2098")).toBeVisible();
  await lock.getByRole("button", { name: "Mở lại kỳ" }).click();
  await lock.getByLabel("Lý do mở lại").fill("Bổ sung hội thao");
  await lock.getByRole("button", { name: "Mở lại kỳ" }).click();
  await expect(lock.getByText("Không còn khóa")).toBeVisible();
  await seemsFine(approver, "Khóa kỳ");
  await writing.getByRole("button", { name: "Lưu và gửi duyệt" }).click();
  await seemsFine(writing, /Hoạt động số/);
  await expect(writing.getByText("Chờ duyệt").first()).toBeVisible();
});
