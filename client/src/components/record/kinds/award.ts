import { msg } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";
import type { Values } from "@/components/fields/field";
import { FIGURES } from "@/components/fields/options";
import { kind } from "../kind";
import { NAMED } from "./named";

const STATUSES = {
  proposed: msg`Đề nghị`,
  awarded: msg`Đã quyết định`,
  presented: msg`Đã trao`,
  declined: msg`Không được tặng`,
};

const isDecided = ({ status }: Values) => status !== "proposed";
const isGiven = ({ status }: Values) => status === "awarded" || status === "presented";

export const award = kind<Schemas["AwardContent"]>(NAMED.award, {
  fields: {
    unit: {
      type: "unit",
      label: msg`Đơn vị`,
      hint: msg`Đơn vị đề nghị, hoặc ghi nhận khen thưởng này`,
      isRequired: true,
    },
    title: {
      type: "text",
      label: msg`Thành tích được khen`,
      hint: msg`Không nêu tên người ở đây`,
      isRequired: true,
    },
    award_title: { type: "award_title", label: msg`Danh hiệu, hình thức` },
    status: {
      type: "choice",
      label: msg`Tình hình`,
      isRequired: true,
      options: STATUSES,
      initial: "proposed",
    },
    recipient: {
      type: "choice",
      label: msg`Khen cho`,
      isRequired: true,
      options: {
        individual: msg`Cá nhân`,
        collective: msg`Tập thể`,
        family: msg`Gia đình`,
      },
    },
    period: {
      type: "period",
      label: msg`Thời gian`,
      hint: msg`Thời gian lập thành tích, không phải ngày trao`,
      isRequired: true,
    },
    recipient_unit: {
      type: "unit",
      label: msg`Đơn vị được khen`,
      hint: msg`Hoặc đơn vị của người được khen`,
    },
    person: {
      type: "person",
      label: msg`Người được khen`,
      hint: msg`Chỉ người có quyền xem dữ liệu cá nhân đọc được; mỗi lần đọc được ghi vào nhật ký`,
      when: ({ recipient }) => recipient !== "collective",
    },
    count_qualifier: { type: "qualifier", label: msg`Mức chắc chắn` },
    count: {
      type: "number",
      label: msg`Số lượng`,
      hint: msg`Khi không nêu tên từng người, từng tập thể`,
      isRequired: true,
      initial: 1,
      sure: "count_qualifier",
    },
    issuer_unit: { type: "unit", label: msg`Công đoàn ra quyết định` },
    issuer_partner: {
      type: "reference",
      to: "partner",
      label: msg`Cơ quan khác ra quyết định`,
      when: ({ issuer_unit }) => !issuer_unit,
    },
    decision: {
      type: "reference",
      to: "document",
      label: msg`Quyết định`,
      when: isDecided,
    },
    decided_on: { type: "day", label: msg`Ngày quyết định`, when: isDecided },
    presented_on: { type: "day", label: msg`Ngày trao`, when: isGiven },
    reviews: {
      type: "rows",
      label: msg`Ý kiến của cấp trên`,
      add: msg`Thêm ý kiến`,
      columns: {
        unit: { type: "unit", label: msg`Đơn vị`, isRequired: true },
        on: { type: "day", label: msg`Ngày`, isRequired: true },
        is_supported: { type: "yes_no", label: msg`Đồng ý` },
        note: { type: "text", label: msg`Ghi chú` },
      },
    },
    text: {
      type: "long_text",
      label: msg`Diễn biến, kết quả`,
      hint: msg`Không nêu tên người ở đây`,
    },
    campaigns: { type: "references", to: "campaign", label: msg`Phong trào, chương trình` },
    figures: FIGURES,
    documents: { type: "references", to: "document", label: msg`Văn bản` },
  },
  columns: [["award_title", "status"], ["count", "recipient_unit"], ["period"]],
  filters: {
    award_title: { type: "award_title", label: msg`Danh hiệu, hình thức` },
    status: { type: "choice", label: msg`Tình hình`, options: STATUSES },
    recipient_unit: { type: "unit", label: msg`Đơn vị được khen` },
    campaign: { type: "reference", to: "campaign", label: msg`Phong trào, chương trình` },
  },
});
