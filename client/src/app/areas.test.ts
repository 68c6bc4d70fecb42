import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");

test("whatever is loaded of an area comes with its sentences", () => {
  for (const file of ["router.tsx", "door.tsx"]) {
    const loads = [
      ...read(file).matchAll(/(?:"(\w+)",\s*)?\(\) =>\s*import\("@\/features\/(\w+)\//g),
    ];
    expect(loads).not.toEqual([]);
    for (const [load, told, area] of loads) expect(told, load).toBe(area);
  }
});
