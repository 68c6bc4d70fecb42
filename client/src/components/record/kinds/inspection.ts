import { msg } from "@lingui/core/macro";
import type { Schemas } from "@/api/client";
import { FIGURES, STATUSES } from "@/components/fields/options";
import { kind } from "../kind";
import { NAMED } from "./named";

const KINDS = {
  inspection: msg`Kiểm tra`,
  supervision: msg`Giám sát`,
  survey: msg`Khảo sát`,
  working_visit: msg`Làm việc với đơn vị`,
};

export const inspection = kind<Schemas["InspectionContent"]>(NAMED.inspection, {
  fields: {
    unit: {
      type: "unit",
      label: msg`Đơn vị`,
      hint: msg`Đơn vị đi kiểm tra, làm việc`,
      isRequired: true,
    },
    title: { type: "text", label: msg`Nội dung kiểm tra`, isRequired: true },
    kind: { type: "choice", label: msg`Loại`, isRequired: true, options: KINDS },
    status: {
      type: "choice",
      label: msg`Tình hình`,
      isRequired: true,
      options: STATUSES,
      initial: "held",
    },
    period: { type: "period", label: msg`Thời gian`, isRequired: true },
    place: { type: "text", label: msg`Địa điểm` },
    visited: { type: "units", label: msg`Đơn vị được kiểm tra`, isRequired: true },
    findings: { type: "long_text", label: msg`Kết quả kiểm tra` },
    conclusions: { type: "long_text", label: msg`Kết luận` },
    tasks: {
      type: "rows",
      label: msg`Việc phải làm sau kiểm tra`,
      add: msg`Thêm việc`,
      columns: {
        unit: { type: "unit", label: msg`Đơn vị phải làm`, isRequired: true },
        task: { type: "text", label: msg`Việc`, isRequired: true },
        state: {
          type: "choice",
          label: msg`Tình hình`,
          isRequired: true,
          options: { open: msg`Chưa xong`, done: msg`Đã xong`, dropped: msg`Thôi không làm` },
          initial: "open",
        },
        due_on: { type: "day", label: msg`Hạn` },
        done_on: { type: "day", label: msg`Ngày xong`, when: ({ state }) => state === "done" },
      },
    },
    text: { type: "long_text", label: msg`Diễn biến` },
    partners: { type: "references", to: "partner", label: msg`Đối tác` },
    figures: FIGURES,
    documents: { type: "references", to: "document", label: msg`Văn bản` },
  },
  columns: [["kind", "status"], ["visited"], ["period"]],
  filters: {
    kind: { type: "choice", label: msg`Loại`, options: KINDS },
    status: { type: "choice", label: msg`Tình hình`, options: STATUSES },
    visited: { type: "unit", label: msg`Đơn vị được kiểm tra` },
    task_due_from: { type: "day", label: msg`Còn việc đến hạn từ ngày` },
    task_due_to: { type: "day", label: msg`Còn việc đến hạn trước ngày` },
  },
});
