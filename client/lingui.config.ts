import { defineConfig } from "@lingui/cli";

/** Vietnamese is what the code says; English is its translation. */
export default defineConfig({
  sourceLocale: "vi",
  locales: ["vi", "en"],
  catalogs: [{ path: "src/i18n/{locale}", include: ["src"] }],
  orderBy: "message",
  format: "po",
  formatOptions: { origins: false },
});
