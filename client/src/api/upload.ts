/** Files to and from the API: sent with progress, which fetch does not tell, and saved by the browser. */
import { http } from "./client";
import type { Problem } from "./problem";
import type { components } from "./schema";
import { authorisation, Unreachable } from "./session";

type Record = components["schemas"]["RecordSummary"];

/** What the API takes as evidence, and how large a file may be by its default settings. */
export const EVIDENCE_TYPES = [
  "image/jpeg",
  "image/png",
  "image/webp",
  "image/tiff",
  "application/pdf",
  ".docx",
  ".xlsx",
  ".pptx",
  ".odt",
  ".ods",
  ".odp",
  ".txt",
  ".csv",
];
export const EVIDENCE_MAX = 25 * 1024 * 1024;

/** Browsers do not know all types by a file's name. */
const BY_ENDING: { [ending: string]: string } = {
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  odt: "application/vnd.oasis.opendocument.text",
  ods: "application/vnd.oasis.opendocument.spreadsheet",
  odp: "application/vnd.oasis.opendocument.presentation",
  csv: "text/csv",
  txt: "text/plain",
};

type Upload = {
  record: { id: number; version: number };
  file: File;
  /** Told again and again, from 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
};

/** Attaches a file to a record; answers the record's next version, or throws the problem. */
export async function attach({ record, file, onProgress, signal }: Upload): Promise<Record> {
  const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  const headers = {
    ...(await authorisation()),
    "Content-Type": BY_ENDING[ending] ?? file.type,
    "If-Match": `"${record.version}"`,
    "Idempotency-Key": crypto.randomUUID(),
  };
  const address = `/api/v1/records/${record.id}/attachments?name=${encodeURIComponent(file.name)}`;
  return await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onload = () => {
      if (request.status === 201) resolve(request.response as Record);
      else reject(request.response as Problem);
    };
    request.onerror = () => reject(new Unreachable("no answer"));
    request.onabort = () => reject(new DOMException("", "AbortError"));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** Lets the browser save a piece of evidence under its name. */
export async function saveAttachment(record: number, sha256: string, name: string): Promise<void> {
  const { data, error } = await http.GET("/api/v1/records/{id}/attachments/{sha256}", {
    params: { path: { id: record, sha256 } },
    parseAs: "blob",
  });
  if (error) throw error;
  const address = URL.createObjectURL(data as Blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
