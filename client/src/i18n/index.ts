/** Vietnamese first; English is loaded by the switch. The sentences of an area come with its pages. */
import { i18n, type Messages } from "@lingui/core";
import { messages as vietnamese } from "./vi.po";

export type Language = "vi" | "en";

const KEY = "liendoan-language";
const AREAS = import.meta.glob<{ messages: Messages }>("../features/*/*.po");

/** The areas whose pages have been opened. */
const opened = new Set<string>();
let spoken: Language = "vi";

const common = async (language: Language) =>
  i18n.load(language, language === "vi" ? vietnamese : (await import("./en.po")).messages);

async function learn(area: string, language: Language) {
  const catalogue = await AREAS[`../features/${area}/${language}.po`]?.();
  i18n.load(language, catalogue?.messages ?? {});
}

export async function speak(language: Language): Promise<void> {
  const before = spoken;
  spoken = language;
  try {
    await Promise.all([common(language), ...[...opened].map((area) => learn(area, language))]);
  } catch (error) {
    spoken = before;
    throw error;
  }
  i18n.activate(language);
  document.documentElement.lang = language;
  localStorage.setItem(KEY, language);
}

export const chosenLanguage = (): Language => (localStorage.getItem(KEY) === "en" ? "en" : "vi");

/** Loads something of an area together with what it says. */
export const spokenIn =
  <M>(area: string, load: () => Promise<M>) =>
  async (): Promise<M> => {
    opened.add(area);
    const [loaded] = await Promise.all([load(), learn(area, spoken)]);
    return loaded;
  };
