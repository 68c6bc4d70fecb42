import { msg } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";
import { kind } from "../kind";
import { NAMED } from "./named";

const KINDS = {
  year_theme: msg`Chủ đề năm`,
  emulation_drive: msg`Phong trào, đợt thi đua`,
  programme: msg`Chương trình`,
  other: msg`Khác`,
};

export const campaign = kind<Schemas["CampaignContent"]>(NAMED.campaign, {
  fields: {
    unit: {
      type: "unit",
      label: msg`Đơn vị`,
      hint: msg`Đơn vị phát động, cho mình và mọi đơn vị trực thuộc`,
      isRequired: true,
    },
    title: { type: "text", label: msg`Tên phong trào, chương trình`, isRequired: true },
    kind: { type: "choice", label: msg`Loại`, isRequired: true, options: KINDS },
    period: { type: "period", label: msg`Thời gian`, isRequired: true },
    goals: { type: "lines", label: msg`Mục tiêu`, hint: msg`Mỗi dòng một mục tiêu` },
    text: { type: "long_text", label: msg`Nội dung` },
    partners: { type: "references", to: "partner", label: msg`Đối tác` },
    documents: { type: "references", to: "document", label: msg`Văn bản` },
  },
  columns: [["kind"], ["period"]],
  filters: {
    kind: { type: "choice", label: msg`Loại`, options: KINDS },
    open_to: { type: "unit", label: msg`Đơn vị được tham gia` },
    on: { type: "day", label: msg`Diễn ra vào ngày` },
    partner: { type: "reference", to: "partner", label: msg`Đối tác` },
  },
});
