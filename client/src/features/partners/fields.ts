/** What is told of a body outside the union. */
import { msg } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";
import type { Fields, FieldsOf } from "@/components/fields/field";

export const KINDS = {
  party_body: msg`Cơ quan Đảng`,
  state_body: msg`Cơ quan nhà nước`,
  mass_organisation: msg`Mặt trận, đoàn thể`,
  business: msg`Doanh nghiệp`,
  other: msg`Khác`,
} satisfies Record<Schemas["PartnerContent"]["kind"], unknown>;

const fields: FieldsOf<Schemas["PartnerContent"]> = {
  name: { type: "text", label: msg`Tên`, isRequired: true },
  kind: { type: "choice", label: msg`Loại`, isRequired: true, options: KINDS },
  tax_code: {
    type: "text",
    label: msg`Mã số thuế`,
    hint: msg`10 chữ số, hoặc 10 chữ số, gạch nối và 3 chữ số`,
  },
  aliases: { type: "lines", label: msg`Tên gọi khác`, hint: msg`Mỗi dòng một tên` },
  unit: {
    type: "unit",
    label: msg`Đơn vị giữ mục này`,
    hint: msg`Người ghi của đơn vị này sửa được. Để trống: đơn vị của bạn`,
  },
};

export const FIELDS = fields as Fields;
