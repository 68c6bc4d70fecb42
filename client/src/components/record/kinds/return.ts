import { msg } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";
import { FIGURES, STATED_FIGURES } from "@/components/fields/options";
import { kind } from "../kind";
import { NAMED } from "./named";

export const return_ = kind<Schemas["ReturnContent"]>(NAMED.return, {
  fields: {
    unit: { type: "unit", label: msg`Đơn vị`, isRequired: true },
    title: { type: "text", label: msg`Tên báo cáo`, isRequired: true },
    form: { type: "return_form", label: msg`Biểu mẫu` },
    period: { type: "period", label: msg`Kỳ báo cáo`, isRequired: true },
    figures: FIGURES,
    text: { type: "long_text", label: msg`Thuyết minh` },
    stated_figures: STATED_FIGURES,
    documents: { type: "references", to: "document", label: msg`Văn bản` },
  },
  columns: [["form"], ["period"]],
  filters: {
    form: { type: "return_form", label: msg`Biểu mẫu` },
  },
});
