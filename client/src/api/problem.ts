/** Failures as people read them. */
import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import type { components } from "./schema";
import { sentenceOfCode } from "./sentences";
import { Unreachable } from "./session";

export type Problem = components["schemas"]["Problem"];

/** Whether something thrown is a failure that the API described (RFC 9457). */
export function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "code" in error && "status" in error;
}

/** The code of the API's failure, or `offline` where no answer came. */
export function codeOf(error: unknown): string {
  return isProblem(error) ? error.code : "offline";
}

/** A failure that the client found itself; its message is the sentence. */
export class Told extends Error {}

/** One sentence that says what is wrong. Failures beside fields are told by `fieldErrors`. */
export function sentenceOf(error: unknown): string {
  if (isProblem(error)) return error.title;
  if (error instanceof Told) return error.message;
  if (!(error instanceof Unreachable)) {
    return t`Trang gặp lỗi ngoài dự kiến. Hãy tải lại trang; những gì bạn đã nhập vẫn được giữ trên máy này.`;
  }
  return t`Không kết nối được máy chủ. Hãy kiểm tra mạng rồi thử lại; những gì bạn đã nhập vẫn còn.`;
}

export type FieldError = { place: string; sentence: string };

/** What is wrong, place by place: `period`, `lines/3/to`. */
export function fieldErrors(error: unknown): FieldError[] {
  if (!isProblem(error)) return [];
  return (error.errors ?? []).map((field) => ({
    place: field.pointer?.slice(1) ?? field.parameter ?? field.header ?? "",
    sentence: sentenceOfCode(field.code, i18n.locale),
  }));
}

/** The same for a form, by the name of the outermost field. */
export function formErrors(error: unknown): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const { place, sentence } of fieldErrors(error)) {
    errors[place.split("/")[0] ?? place] ??= sentence;
  }
  return errors;
}
