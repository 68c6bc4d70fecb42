/** The client behind the proxy of production: Caddy with docker/Caddyfile, of which only the addresses are others. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { freePort, serve } from "../e2e/server";

test("behind the proxy somebody signs in and opens a deep link, with the headers that the program sets", async ({
  browser,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "liendoan-proxy."));
  const written = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const origin = `https://localhost:${await freePort()}`;
  const config = readFileSync("../docker/api.toml", "utf8").replace(
    "172.31.84.0/24",
    "127.0.0.0/8",
  );
  const api = await serve({ origin, config: written("api.toml", config) });
  const caddyfile = readFileSync("../docker/Caddyfile", "utf8")
    .replace(/^localhost \{/m, `${origin} {`)
    .replace("api:8080", new URL(api.base).host);
  const args = ["run", "--adapter", "caddyfile", "--config", written("Caddyfile", caddyfile)];
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const caddy = spawn("caddy", args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  caddy.stderr.on("data", (text) => {
    log += text;
  });
  try {
    const context = await browser.newContext({ baseURL: origin, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    // Its certificate takes a moment.
    await expect(async () => void (await page.goto("/"))).toPass();
    await page.getByLabel("Tên đăng nhập").fill("recorder");
    const password = /^recorder\t(\S+)/m.exec(api.accounts)?.[1] ?? "";
    await page.getByLabel(/^Mật khẩu/).fill(password);
    await page.getByRole("button", { name: "Đăng nhập", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Xin chào");
    const cookies = await context.cookies();
    expect(cookies.map(({ name, secure, httpOnly }) => ({ name, secure, httpOnly }))).toEqual([
      { name: expect.stringMatching(/^__Host-/), secure: true, httpOnly: true },
    ]);

    const deep = await page.goto("/units/hn-tcnt?tab=history");
    await expect(page.getByRole("tab", { name: "Lịch sử" })).toHaveAttribute(
      "aria-selected",
      "true",
    );
    const ofPage = (await deep?.allHeaders()) ?? {};
    expect(ofPage["content-security-policy"]).toMatch(/style-src[^;]*'nonce-/);
    expect(ofPage["content-security-policy"]).toMatch(/default-src 'none'/);
    expect(ofPage["cache-control"]).toMatch(/no-cache|no-store/);
    const script = await page.locator("script[src^='/assets/']").first().getAttribute("src");
    const asset = await page.request.get(script ?? "", {
      headers: { "Accept-Encoding": "br" },
    });
    expect(asset.headers()).toMatchObject({
      "cache-control": expect.stringMatching(/max-age=31536000.*immutable/),
      "content-encoding": "br",
    });
    await context.close();
  } catch (error) {
    throw new Error(`${error}\n${log}`);
  } finally {
    caddy.kill("SIGTERM");
    await once(caddy, "exit");
    await api.stop();
    rmSync(folder, { recursive: true });
  }
});
