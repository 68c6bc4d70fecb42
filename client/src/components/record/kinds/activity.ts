import { msg } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";
import { FIGURES, STATED_FIGURES, STATUSES } from "@/components/fields/options";
import { kind } from "../kind";
import { NAMED } from "./named";

export const activity = kind<Schemas["ActivityContent"]>(NAMED.activity, {
  fields: {
    unit: { type: "unit", label: msg`Đơn vị`, isRequired: true },
    title: { type: "text", label: msg`Tên hoạt động`, isRequired: true },
    kind: { type: "activity_kind", label: msg`Loại`, isRequired: true },
    status: {
      type: "choice",
      label: msg`Tình hình`,
      isRequired: true,
      options: STATUSES,
      initial: "held",
    },
    period: { type: "period", label: msg`Thời gian`, isRequired: true },
    place: { type: "text", label: msg`Địa điểm` },
    participants_qualifier: {
      type: "qualifier",
      label: msg`Mức chắc chắn`,
      when: ({ participants }) => participants !== "",
    },
    participants: { type: "number", label: msg`Số người tham gia`, sure: "participants_qualifier" },
    women_qualifier: {
      type: "qualifier",
      label: msg`Mức chắc chắn`,
      when: ({ women }) => women !== "",
    },
    women: { type: "number", label: msg`Trong đó nữ`, sure: "women_qualifier" },
    beneficiaries_qualifier: {
      type: "qualifier",
      label: msg`Mức chắc chắn`,
      when: ({ beneficiaries }) => beneficiaries !== "",
    },
    beneficiaries: {
      type: "number",
      label: msg`Số người thụ hưởng`,
      sure: "beneficiaries_qualifier",
    },
    text: { type: "long_text", label: msg`Diễn biến, kết quả` },
    amounts: {
      type: "rows",
      label: msg`Kinh phí (đồng)`,
      add: msg`Thêm nguồn kinh phí`,
      columns: {
        source: {
          type: "choice",
          label: msg`Nguồn`,
          options: {
            unit: msg`đơn vị`,
            district: msg`công đoàn cấp huyện`,
            city: msg`công đoàn tỉnh, thành phố`,
            social: msg`nguồn xã hội`,
          },
        },
        qualifier: { type: "qualifier", label: msg`Mức chắc chắn` },
        amount: { type: "number", label: msg`Số tiền`, isRequired: true, sure: "qualifier" },
      },
    },
    goods: {
      type: "rows",
      label: msg`Quà, hiện vật`,
      add: msg`Thêm hiện vật`,
      columns: {
        name: { type: "text", label: msg`Tên hiện vật`, isRequired: true },
        qualifier: { type: "qualifier", label: msg`Mức chắc chắn` },
        quantity: { type: "number", label: msg`Số lượng`, isRequired: true, sure: "qualifier" },
        unit: { type: "text", label: msg`Đơn vị tính` },
      },
    },
    partners: { type: "references", to: "partner", label: msg`Đối tác` },
    campaigns: { type: "references", to: "campaign", label: msg`Phong trào, chương trình` },
    stated_figures: STATED_FIGURES,
    figures: FIGURES,
    documents: { type: "references", to: "document", label: msg`Văn bản` },
  },
  columns: [["kind", "status"], ["period"]],
  filters: {
    kind: { type: "activity_kind", label: msg`Loại` },
    status: { type: "choice", label: msg`Tình hình`, options: STATUSES },
    partner: { type: "reference", to: "partner", label: msg`Đối tác` },
    campaign: { type: "reference", to: "campaign", label: msg`Phong trào, chương trình` },
  },
});
