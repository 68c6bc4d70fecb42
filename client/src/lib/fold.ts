/** Without case and marks: how Vietnamese is typed in a hurry. */
export const fold = (text: string): string =>
  text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");

const words = (text: string) =>
  fold(text)
    .split(/[\s,]+/)
    .filter(Boolean);

/** Whether each word that was typed begins one of the text. */
export function begins(text: string, typed: string): boolean {
  const known = words(text);
  return words(typed).every((word) => known.some((one) => one.startsWith(word)));
}
