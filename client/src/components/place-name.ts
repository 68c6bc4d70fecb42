/** Places in what was sent, as the API points to them (`lines/3/to`), in the words of the form. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { Fields } from "./fields/field";

/** Of forms that have no description of their fields. */
const PLACES: { [name: string]: MessageDescriptor } = {
  addresses: msg`Địa chỉ mạng được gọi từ đó`,
  children_to: msg`Các đơn vị trực thuộc chuyển đến`,
  code: msg`Mã`,
  display_name: msg`Họ và tên`,
  document_id: msg`Văn bản`,
  effective_on: msg`Ngày hiệu lực`,
  exceptions: msg`Được ghi trong một thời gian`,
  from: msg`Từ ngày`,
  into: msg`Sáp nhập vào`,
  issuer: msg`Cơ quan ban hành`,
  kind: msg`Loại`,
  lines: msg`Các dòng`,
  name: msg`Tên`,
  new: msg`Đơn vị mới`,
  number: msg`Số, ký hiệu`,
  parent: msg`Trực thuộc`,
  parts: msg`Các phần được chia`,
  password: msg`Mật khẩu`,
  period: msg`Thời gian`,
  reason: msg`Lý do`,
  role: msg`Vai trò`,
  scopes: msg`Được làm gì`,
  short_name: msg`Tên viết tắt`,
  successors: msg`Đơn vị kế tiếp`,
  title: msg`Trích yếu`,
  to: msg`Chuyển đến`,
  unit: msg`Đơn vị`,
  units: msg`Các đơn vị`,
  until: msg`Ngày đầu tiên không còn hiệu lực`,
  valid_to: msg`Ngày đầu tiên không còn hiệu lực`,
};

/** Nothing where there are no words for a place: then the sentence beside it stands for itself. */
export function usePlaceName(fields?: Fields): (place: string) => string {
  const { t, i18n } = useLingui();
  return (place) => {
    let within = fields;
    const words = place.split("/").map((step) => {
      if (/^\d+$/.test(step)) {
        const number = Number(step) + 1;
        return t`dòng ${number}`;
      }
      const field = within?.[step];
      within = field?.type === "rows" ? field.columns : undefined;
      const label = field?.label ?? PLACES[step];
      return label && i18n._(label);
    });
    return words.filter(Boolean).join(", ");
  };
}
