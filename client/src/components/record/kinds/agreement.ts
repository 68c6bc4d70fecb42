import { msg } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";
import type { Values } from "@/components/fields/field";
import { FIGURES } from "@/components/fields/options";
import { kind } from "../kind";
import { NAMED } from "./named";

const KINDS = {
  collective: msg`Thỏa ước lao động tập thể`,
  benefit: msg`Thỏa thuận phúc lợi`,
  coordination: msg`Chương trình phối hợp`,
};

const STATUSES = {
  negotiated: msg`Đang thương lượng`,
  signed: msg`Đã ký`,
  ended: msg`Chấm dứt trước hạn`,
};

const isCollective = ({ kind }: Values) => kind === "collective";

export const agreement = kind<Schemas["AgreementContent"]>(NAMED.agreement, {
  fields: {
    unit: { type: "unit", label: msg`Đơn vị`, hint: msg`Đơn vị ký`, isRequired: true },
    title: { type: "text", label: msg`Tên thỏa ước, thỏa thuận`, isRequired: true },
    kind: { type: "choice", label: msg`Loại`, isRequired: true, options: KINDS },
    status: {
      type: "choice",
      label: msg`Tình hình`,
      isRequired: true,
      options: STATUSES,
      initial: "signed",
    },
    period: {
      type: "period",
      label: msg`Thời gian`,
      hint: msg`Ngày ký, hoặc kỳ đã ký nếu không rõ ngày`,
      isRequired: true,
    },
    partners: { type: "references", to: "partner", label: msg`Ký với` },
    valid_from: { type: "day", label: msg`Ngày bắt đầu có hiệu lực` },
    valid_to: { type: "day", label: msg`Ngày đầu tiên không còn hiệu lực` },
    rating: {
      type: "choice",
      label: msg`Xếp loại`,
      options: { A: msg`Loại A`, B: msg`Loại B`, C: msg`Loại C` },
      when: isCollective,
    },
    count_qualifier: { type: "qualifier", label: msg`Mức chắc chắn` },
    count: {
      type: "number",
      label: msg`Số lượng`,
      hint: msg`Khi ghi chung nhiều bản`,
      isRequired: true,
      initial: 1,
      sure: "count_qualifier",
    },
    members_covered: { type: "number", label: msg`Số người được áp dụng` },
    members_used: {
      type: "number",
      label: msg`Số đoàn viên đã hưởng`,
      when: ({ kind }) => kind === "benefit",
    },
    better_clauses: {
      type: "lines",
      label: msg`Điều khoản có lợi hơn luật`,
      hint: msg`Mỗi dòng một điều khoản`,
      when: isCollective,
    },
    replaces: { type: "reference", to: "agreement", label: msg`Ký lại, thay cho` },
    text: { type: "long_text", label: msg`Nội dung` },
    figures: FIGURES,
    documents: { type: "references", to: "document", label: msg`Văn bản` },
  },
  columns: [["kind", "status"], ["partners"], ["period"], ["valid_to"]],
  filters: {
    kind: { type: "choice", label: msg`Loại`, options: KINDS },
    status: { type: "choice", label: msg`Tình hình`, options: STATUSES },
    partner: { type: "reference", to: "partner", label: msg`Ký với` },
    runs_out_from: { type: "day", label: msg`Hết hiệu lực từ ngày` },
    runs_out_to: { type: "day", label: msg`Hết hiệu lực trước ngày` },
  },
});
