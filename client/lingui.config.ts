import { defineConfig } from "@lingui/cli";

/** Vietnamese is what the code says; English is its translation. The sentences of an area come with its pages. */
export default defineConfig({
  sourceLocale: "vi",
  locales: ["vi", "en"],
  catalogs: [
    { path: "src/i18n/{locale}", include: ["src"], exclude: ["src/features/**"] },
    { path: "src/features/{name}/{locale}", include: ["src/features/{name}"] },
  ],
  orderBy: "message",
  format: "po",
  formatOptions: { origins: false },
});
