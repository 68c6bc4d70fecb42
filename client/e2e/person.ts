/** Somebody with an account of the demo, and a browser of their own. */
import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Locator, type Page, request } from "@playwright/test";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

function passwordOf(name: string): string {
  const lines = (process.env.ACCOUNTS ?? "").split("\n").map((line) => line.split("\t"));
  const password = lines.find(([known]) => known === name)?.[1];
  if (!password) throw new Error(`the demo has no account ${name}`);
  return password;
}

/** Signs in on the first page. Whatever the page complains of in its console fails the test at its end. */
export async function signIn(browser: Browser, name: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: process.env.BASE_URL });
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto("/");
  await seemsFine(page, "Đăng nhập");
  await page.getByLabel("Tên đăng nhập").fill(name);
  await typePassword(page, name);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Xin chào");
  return page;
}

/** Ends a sign-in whose name stands there already. */
export async function typePassword(at: Page | Locator, name: string): Promise<void> {
  await at.getByLabel(/^Mật khẩu/).fill(passwordOf(name));
  await at.getByRole("button", { name: "Đăng nhập", exact: true }).click();
}

/** What lets somebody speak to the API beside the browser. */
export async function tokenOf(name: string): Promise<string> {
  const api = await request.newContext({ baseURL: process.env.BASE_URL });
  const session = await api.post("/api/v1/sessions", {
    data: { name, password: passwordOf(name), code: null },
  });
  return (await session.json()).access_token;
}

const VISIT = { status: "held", kind: "visit", period: "2025-03-08" };

/** Records something in somebody's name, beside the browser: a visit, if nothing else is said; answers its number. */
export async function recorded(name: string, content: object, list = "activities") {
  const api = await request.newContext({ baseURL: process.env.BASE_URL });
  const answer = await api.post(`/api/v1/${list}`, {
    data: list === "activities" ? { ...VISIT, ...content } : content,
    headers: { Authorization: `Bearer ${await tokenOf(name)}` },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  return (await answer.json()).id as number;
}

export const complaints: string[] = [];

/** The page of this heading is there, and axe finds nothing on it. */
export async function seemsFine(page: Page, heading: string | RegExp): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
  // What is still on its way has no colours of its own yet.
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map((animation) => animation.finished)),
  );
  expect(await faults(page)).toEqual([]);
}

/** What axe finds on a page, and where. What lies under a bar only as long as one scrolls is no fault. */
export async function faults(page: Page): Promise<string[]> {
  const before = page.viewportSize();
  if (before) {
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ ...before, height });
  }
  // A notice fades at a time of its own: half gone, it has no contrast.
  const look = new AxeBuilder({ page }).withTags(STANDARDS).exclude(".mantine-Notifications-root");
  const { violations } = await look.analyze();
  if (before) await page.setViewportSize(before);
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} at ${node.html}`));
}
