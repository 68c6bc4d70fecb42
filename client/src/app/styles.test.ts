import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (file: string) => readFileSync(file, "utf8");

test("the styles of each part of Mantine that is used are there", () => {
  const styles = read("src/app/styles.ts");
  const files = readdirSync("src", { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".tsx"));
  const used = sources.flatMap((file) =>
    [...read(`src/${file}`).matchAll(/import \{([^}]*)\} from "@mantine\/core"/g)].flatMap(
      (match) => (match[1] ?? "").split(",").map((name) => name.trim()),
    ),
  );
  const missing = [...new Set(used)].filter(
    (name) =>
      existsSync(`node_modules/@mantine/core/styles/${name}.css`) &&
      !styles.includes(`/${name}.css"`),
  );
  expect(used.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});

test("their order is that of Mantine's own", () => {
  const whole = read("node_modules/@mantine/core/styles.css");
  const names = [...read("src/app/styles.ts").matchAll(/styles\/([\w-]+)\.css"/g)].map(
    (it) => it[1],
  );
  const places = names.flatMap((name) => {
    const first = /\.(m_[0-9a-f]+)/.exec(read(`node_modules/@mantine/core/styles/${name}.css`));
    return first ? [whole.indexOf(first[0])] : [];
  });
  expect(places.length).toBeGreaterThan(30);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});
