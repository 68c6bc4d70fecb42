// Fails when src/api/schema.d.ts is not what openapi/openapi.json says.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const args = ["openapi-typescript", "../openapi/openapi.json"];
const fresh = execFileSync("npx", args, {
  encoding: "utf8",
  maxBuffer: 1 << 26,
  stdio: ["ignore", "pipe", "pipe"],
});
if (fresh !== readFileSync("src/api/schema.d.ts", "utf8")) {
  console.error("src/api/schema.d.ts is stale: run `npm run types`.");
  process.exit(1);
}
