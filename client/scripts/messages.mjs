// Fails when the code says what the catalogues do not have, or English lacks a sentence.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const files = ["src/i18n/vi.po", "src/i18n/en.po"];
const sentences = (file) => readFileSync(file, "utf8").replace(/^"POT-Creation-Date:.*\n/m, "");
const before = files.map(sentences);
const run = (...args) =>
  execFileSync("npx", ["lingui", ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
run("extract", "--clean");
const missing =
  sentences("src/i18n/en.po").match(
    /^msgid "(?!"\nmsgstr ""\n").*\n(?:".*\n)*msgstr ""\n(?!")/gm,
  ) ?? [];
if (missing.length > 0) {
  console.error(`src/i18n/en.po lacks ${missing.length} sentences:\n${missing.join("")}`);
  process.exit(1);
}
if (files.some((file, at) => sentences(file) !== before[at])) {
  console.error(
    "The catalogues were stale and have been renewed: look at src/i18n/*.po and commit them.",
  );
  process.exit(1);
}
