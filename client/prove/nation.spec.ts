/** A branch as large as the nation has them: 10,500 unions under one federation, made by the API. */
import { expect, type Page, request, test } from "@playwright/test";
import { signIn, tokenOf } from "../e2e/person";
import { serve } from "../e2e/server";

const CHILDREN = 10_500;
/** Lines of one decision: as large as a body may be by default. */
const LINES = 1_500;
/** Rows in the page at most; and the time of a jump, which is told and not held, since machines differ. */
const ROWS = 60;
const JUMP_MS = 300;

const before = { base: process.env.BASE_URL, accounts: process.env.ACCOUNTS };
let stop: () => Promise<void>;

test.beforeAll(async () => {
  test.setTimeout(600_000);
  const server = await serve();
  stop = server.stop;
  process.env.BASE_URL = server.base;
  process.env.ACCOUNTS = server.accounts;
  const api = await request.newContext({
    baseURL: server.base,
    extraHTTPHeaders: { Authorization: `Bearer ${await tokenOf("organiser")}` },
  });
  const paper = await api.post("/api/v1/documents", { data: { title: "Quyết định để thử" } });
  const { id: document_id } = await paper.json();
  for (let made = 0; made < CHILDREN; made += LINES) {
    const lines = Array.from({ length: Math.min(LINES, CHILDREN - made) }, (_, at) => ({
      op: "establish",
      code: `hn-thu-${made + at + 1}`,
      kind: "grassroots_union",
      name: `Công đoàn thử nghiệm ${made + at + 1}`,
      parent: "hn",
    }));
    const data = { document_id, effective_on: "2025-09-01", lines };
    const send = (query: string) => {
      const headers = { "Idempotency-Key": `${query}-${made}` };
      return api.post(`/api/v1/reorganisations?${query}`, { data, headers });
    };
    const { fingerprint } = await (await send("dry_run=true")).json();
    const done = await send(`fingerprint=${fingerprint}`);
    expect(done.status(), await done.text()).toBe(201);
  }
});

test.afterAll(async () => {
  process.env.BASE_URL = before.base;
  process.env.ACCOUNTS = before.accounts;
  await stop();
});

const tree = (page: Page) => page.getByRole("tree");

/** Scrolls to a child, and answers the milliseconds until it is there with its name, and how many rows the page has. */
const jump = (page: Page, position: number) =>
  tree(page).evaluate(async (box, position) => {
    const began = performance.now();
    const first = box.querySelector('[role="treeitem"]');
    const height = first?.getBoundingClientRect().height ?? 0;
    box.scrollTop = position * height;
    const isThere = () =>
      box.querySelector(`[aria-level="3"][aria-posinset="${position}"]:not([aria-busy])`);
    while (!isThere()) await new Promise(requestAnimationFrame);
    return {
      ms: Math.round(performance.now() - began),
      rows: box.querySelectorAll('[role="treeitem"]').length,
    };
  }, position);

test("a branch of 10,500 keeps few rows in the page, and any of them is near", async ({
  browser,
}) => {
  const page = await signIn(browser, "organiser");
  await page.goto("/units/hn");
  await expect(tree(page).getByRole("treeitem", { selected: true })).toBeVisible();
  const home = tree(page).getByRole("treeitem", { selected: true });
  await tree(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect(home).toHaveAttribute("aria-expanded", "true");
  for (const position of [9_000, 3, 5_000, 10_400, 1_234]) {
    const { ms, rows } = await jump(page, position);
    process.stdout.write(
      `    row ${position}: ${ms} ms (aim ${JUMP_MS}), ${rows} rows in the page\n`,
    );
    expect(rows).toBeLessThanOrEqual(ROWS);
  }
});

test("a search opens the way to one of them", async ({ browser }) => {
  const page = await signIn(browser, "organiser");
  await page.goto("/units");
  const search = page.getByRole("combobox", { name: "Tìm đơn vị" });
  await search.fill("cong doan thu nghiem 9000");
  await page.getByRole("option").first().click();
  const selected = tree(page).getByRole("treeitem", { selected: true });
  await expect(selected).toContainText("Công đoàn thử nghiệm 9000");
  await expect(selected).toBeInViewport();
  expect(await tree(page).getByRole("treeitem").count()).toBeLessThanOrEqual(ROWS);
});
