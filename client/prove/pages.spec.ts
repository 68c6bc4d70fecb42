/** Every page as every role of the demo, light and dark, on three widths and on paper. Screenshots: target/client/. */
import { expect, type Page, test } from "@playwright/test";
import { complaints, faults, recorded, signIn } from "../e2e/person";

const ROLES = (
  process.env.ROLES ??
  "administrator viewer recorder approver organiser evaluator publisher account_administrator auditor integrator"
).split(" ");
const WIDTHS = [1280, 768, 360];
const UNIT = "/units/hn-tcnt";

/** One record of each kind, by the address of its list. */
const RECORDS = {
  activities: { unit: "hn-tcnt", title: "Thăm đoàn viên ốm đau" },
  awards: {
    unit: "hn-tcnt",
    title: "Thành tích xuất sắc năm 2024",
    status: "proposed",
    period: "2024",
    recipient: "individual",
    person: { name: "Người Thứ Nhất" },
  },
  agreements: {
    unit: "hn-tcnt",
    title: "Thỏa ước lao động tập thể năm 2025",
    kind: "collective",
    status: "signed",
    period: "2025-03-08",
    valid_to: "2028-03-08",
    better_clauses: ["Thưởng Tết ít nhất một tháng lương"],
  },
  inspections: {
    unit: "hn-tcnt",
    title: "Kiểm tra công tác tài chính công đoàn",
    kind: "inspection",
    status: "held",
    period: "2025-03-08",
    visited: ["hn-tcnt"],
    tasks: [{ unit: "hn-tcnt", task: "Bổ sung hồ sơ", state: "open", due_on: "2025-06-30" }],
  },
  campaigns: {
    unit: "hn",
    title: "Tháng Công nhân năm 2025",
    kind: "programme",
    period: "2025-05",
    goals: ["Mọi công đoàn cơ sở tham gia"],
  },
};

/** Pages for everybody, and for those whose menu leads there. */
const PAGES: [path: string, menu?: string][] = [
  ["/"],
  ["/profile"],
  ["/no-such-page"],
  ["/units", "/units"],
  [UNIT, "/units"],
  [`${UNIT}?tab=children`, "/units"],
  [`${UNIT}?tab=activities`, "/units"],
  [`${UNIT}?tab=history&as_of=2020-06-30`, "/units"],
  ["/units/hn-q-btl", "/units"],
  ["/activities?open=ID&q=tham", "/activities"],
  ["/activities/ID/edit", "/activities"],
  ...Object.keys(RECORDS).flatMap((list): [string, string][] => [
    [`/${list}`, `/${list}`],
    [`/${list}?open=ID`, `/${list}`],
    [`/${list}/ID`, `/${list}`],
    [`/${list}/new`, `/${list}`],
  ]),
  ["/partners", "/partners"],
  ["/partners/1", "/partners"],
  ["/partners/new", "/partners"],
  ["/inbox", "/inbox"],
  ["/clusters?year=2025", "/clusters"],
  ["/reorganisations", "/reorganisations"],
  ["/reorganisations/new", "/reorganisations"],
  ["/reorganisations/2", "/reorganisations"],
  ["/reorganisations/2/edit", "/reorganisations"],
  ["/period-locks", "/period-locks"],
  ["/accounts", "/accounts"],
  ["/accounts/2", "/accounts"],
  ["/service-accounts", "/service-accounts"],
  ["/audit", "/audit"],
];

async function settled(page: Page) {
  await expect(page.locator("main")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

/** How far the page can be scrolled sideways, in pixels. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const ids: { [list: string]: number } = {};
test.beforeAll(async () => {
  for (const [list, content] of Object.entries(RECORDS))
    ids[list] = await recorded(list === "campaigns" ? "evaluator" : "recorder", content, list);
});

/** The address of a page, with the number of the record in it. */
const addressOf = (path: string) => path.replace("ID", String(ids[path.split(/[/?]/)[1] ?? ""]));

for (const role of ROLES) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${role}, ${colorScheme}`, async ({ browser }) => {
      test.setTimeout(900_000);
      complaints.length = 0;
      const page = await signIn(browser, role);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const links = page.getByRole("navigation", { name: "Các trang" }).getByRole("link");
      const menu = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      const seen: string[] = [];
      for (const [path, needs] of PAGES) {
        if (needs && !menu.includes(needs)) continue;
        await page.goto(addressOf(path));
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          await settled(page);
          const name = `${path.replace(/\W+/g, "-")}-${width}`;
          const file = `../target/client/${role}/${colorScheme}${name}.png`;
          await page.screenshot({ path: file, fullPage: true });
          if ((await overflow(page)) > 0) seen.push(`${path} at ${width}: scrolls sideways`);
          for (const fault of await faults(page)) seen.push(`${path} at ${width}: ${fault}`);
        }
        if (colorScheme === "light") {
          await page.emulateMedia({ media: "print" });
          const file = `../target/client/${role}/print${path.replace(/\W+/g, "-")}.png`;
          await page.screenshot({ path: file, fullPage: true });
          await page.emulateMedia({ media: "screen", colorScheme, reducedMotion: "reduce" });
        }
      }
      expect([...seen, ...complaints]).toEqual([]);
      await page.context().close();
    });
  }
}
