// Fails when the code says what the catalogues do not have, or English lacks a sentence.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const folders = ["src/i18n", ...readdirSync("src/features").map((area) => `src/features/${area}`)];
const files = folders.flatMap((folder) => [`${folder}/vi.po`, `${folder}/en.po`]);
const sentences = (file) =>
  existsSync(file) ? readFileSync(file, "utf8").replace(/^"POT-Creation-Date:.*\n/m, "") : "";
const before = files.map(sentences);
const run = (...args) =>
  execFileSync("npx", ["lingui", ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
run("extract", "--clean");
const missing = files
  .filter((file) => file.endsWith("en.po"))
  .flatMap(
    (file) =>
      sentences(file).match(/^msgid "(?!"\nmsgstr ""\n").*\n(?:".*\n)*msgstr ""\n(?!")/gm) ?? [],
  );
if (missing.length > 0) {
  console.error(`English lacks ${missing.length} sentences:\n${missing.join("")}`);
  process.exit(1);
}
if (files.some((file, at) => sentences(file) !== before[at])) {
  console.error(
    "The catalogues were stale and have been renewed: look at src/**/*.po and commit them.",
  );
  process.exit(1);
}
