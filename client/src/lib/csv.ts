/** Tables as files that spreadsheets open. */

/** A cell that begins like this would be worked out as a formula; the wide forms too, in some of them. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

function cell(text: string, separator: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /["\r\n]/.test(safe) || safe.includes(separator)
    ? `"${safe.replaceAll('"', '""')}"`
    : safe;
}

/** With the mark at its beginning by which Excel knows UTF-8. `separator` is what Excel parts cells by. */
export const csv = (rows: string[][], separator: "," | ";"): string =>
  `\uFEFF${rows.map((row) => row.map((text) => cell(text, separator)).join(separator)).join("\r\n")}\r\n`;

/** Gives somebody a file that was made here. */
export function download(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
