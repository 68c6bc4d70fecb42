/** Vietnamese first; English is loaded by the switch. */
import { i18n } from "@lingui/core";
import { messages as vietnamese } from "./vi.po";

export type Language = "vi" | "en";

const KEY = "liendoan-language";

export async function speak(language: Language): Promise<void> {
  const messages = language === "vi" ? vietnamese : (await import("./en.po")).messages;
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
  localStorage.setItem(KEY, language);
}

export const chosenLanguage = (): Language => (localStorage.getItem(KEY) === "en" ? "en" : "vi");
