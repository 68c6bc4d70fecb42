/**
 * What each code of a failure means, in both languages. The API publishes the table as a page, so it has
 * one home; it is read when the first failure beside a field comes.
 */

type Sentence = { vi: string; en: string };

let sentences: Map<string, Sentence> | undefined;

/** Never fails: without the table, codes stand for their sentences. */
export async function loadSentences(): Promise<void> {
  if (sentences) return;
  const text = await fetch("/docs/errors")
    .then((answer) => (answer.ok ? answer.text() : undefined))
    .catch(() => undefined);
  if (text === undefined) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  sentences = new Map(
    [...page.querySelectorAll("tr[id]")].map((row) => {
      const texts = [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "");
      return [row.id, { vi: texts[2] ?? row.id, en: texts[3] ?? row.id }];
    }),
  );
}

/** The sentence of a code, or the code itself where the table could not be read. */
export function sentenceOfCode(code: string, language: string): string {
  const sentence = sentences?.get(code);
  return (language === "en" ? sentence?.en : sentence?.vi) ?? code;
}
