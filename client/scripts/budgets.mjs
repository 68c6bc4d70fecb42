// Fails when a page weighs more than an old laptop on a slow line can bear. Bytes are gzipped.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const KB = 1000;
const BUDGET = { entryJs: 170 * KB, entryCss: 24 * KB, route: 60 * KB };

const manifest = JSON.parse(readFileSync("dist/.vite/manifest.json", "utf8"));
const weigh = (file) => gzipSync(readFileSync(`dist/${file}`)).length;
const sum = (files) => [...files].reduce((total, file) => total + weigh(file), 0);

/** What a chunk brings along at once: its code and its styles, and those of all that it imports. */
function closure(key, js = new Set(), css = new Set()) {
  const chunk = manifest[key];
  if (js.has(chunk.file)) return { js, css };
  js.add(chunk.file);
  for (const file of chunk.css ?? []) css.add(file);
  for (const imported of chunk.imports ?? []) closure(imported, js, css);
  return { js, css };
}

let failed = false;
function hold(name, bytes, budget) {
  const over = bytes > budget;
  failed ||= over;
  console.log(
    `${over ? "OVER " : "     "}${name.padEnd(52)} ${(bytes / KB).toFixed(1).padStart(7)} of ${budget / KB} KB`,
  );
}

// What the first page names. The manifest knows other files by what they are made of.
const page = readFileSync("dist/index.html", "utf8");
const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1]);
const entry = {
  js: new Set(named.filter((file) => file.endsWith(".js"))),
  css: new Set(named.filter((file) => file.endsWith(".css"))),
};
hold("entry, scripts", sum(entry.js), BUDGET.entryJs);
hold("entry, styles", sum(entry.css), BUDGET.entryCss);
const rest = (files, known) => new Set([...files].filter((file) => !known.has(file)));
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry) continue;
  const own = closure(key);
  // A page comes with what its area says.
  const [, area] = /^src\/features\/(\w+)\/.*-page\.tsx$/.exec(key) ?? [];
  if (area) closure(`src/features/${area}/vi.po`, own.js, own.css);
  const bytes = sum(rest(own.js, entry.js)) + sum(rest(own.css, entry.css));
  hold(key, bytes, BUDGET.route);
}
if (failed) process.exit(1);
