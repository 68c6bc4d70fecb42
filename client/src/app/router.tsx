/** Every page there is. All but the first are loaded when somebody goes there. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from "@tanstack/react-router";
import { PagePending } from "@/components/page";
import type { Kind, NamedKind } from "@/components/record/kind";
import { NAMED_KINDS } from "@/components/record/kinds/named";
import { givenSearch } from "@/features/records/search";
import { spokenIn } from "@/i18n";
import { day, oneOf, periodText, type Search, text } from "@/lib/search-params";
import { ErrorPage, NotFoundPage } from "./error-page";
import { Shell } from "./shell";

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFoundPage,
  errorComponent: ErrorPage,
  // The day of which the tree is shown goes along from page to page.
  validateSearch: (search: Search): { as_of?: string } => ({ as_of: day(search.as_of) }),
  search: { middlewares: [retainSearchParams(["as_of"])] },
});

const page = <M extends Record<string, unknown>>(area: string, load: () => Promise<M>) =>
  lazyRouteComponent(spokenIn(area, load));
const at = <P extends string>(path: P) => ({ getParentRoute: () => root, path }) as const;

const home = createRoute({
  ...at("/"),
  component: page("home", () => import("@/features/home/home-page")),
});

const units = createRoute({
  ...at("/units"),
  component: page("units", () => import("@/features/units/units-page")),
  // The time of which figures are shown goes along from unit to unit.
  validateSearch: (search: Search): { period?: string } => ({ period: periodText(search.period) }),
  search: { middlewares: [retainSearchParams(["period"])] },
});
const unitsStart = createRoute({
  getParentRoute: () => units,
  path: "/",
  component: page("units", () => import("@/features/units/units-start")),
  // On a phone, the unit whose children are listed.
  validateSearch: (search: Search): { at?: string } => ({ at: text(search.at) }),
});

const UNIT_TABS = [
  "overview",
  "children",
  "figures",
  ...NAMED_KINDS.map(({ list }) => list),
  "history",
] as const;
const unit = createRoute({
  getParentRoute: () => units,
  path: "$code",
  component: page("units", () => import("@/features/units/unit-page")),
  validateSearch: (
    search: Search,
  ): { tab?: (typeof UNIT_TABS)[number]; tree?: "then" | "now" } => ({
    tab: oneOf(UNIT_TABS, search.tab),
    tree: oneOf(["then", "now"] as const, search.tree),
  }),
});

const unitFigure = createRoute({
  getParentRoute: () => units,
  path: "$code/figures/$measure",
  component: page("units", () => import("@/features/units/unit-figure-page")),
});

/** The pages of a kind of record: its list, one of them, and the forms. */
function recordRoutes<L extends NamedKind["list"]>(list: L, loader: () => Promise<Kind>) {
  // What a kind is made of is loaded beside its pages, once.
  const described = { loader, staleTime: Number.POSITIVE_INFINITY };
  return [
    createRoute({
      ...at(`/${list}`),
      component: page("records", () => import("@/features/records/list-page")),
      validateSearch: givenSearch,
      ...described,
    }),
    createRoute({
      ...at(`/${list}/new`),
      component: page("records", () => import("@/features/records/new-page")),
      validateSearch: (search: Search): { unit?: string; copy?: number } => ({
        unit: text(search.unit),
        copy: Number(search.copy) || undefined,
      }),
      ...described,
    }),
    createRoute({
      ...at(`/${list}/$id`),
      component: page("records", () => import("@/features/records/record-page")),
      ...described,
    }),
    createRoute({
      ...at(`/${list}/$id/edit`),
      component: page("records", () => import("@/features/records/edit-page")),
      ...described,
    }),
  ] as const;
}

const activities = recordRoutes(
  "activities",
  async () => (await import("@/components/record/kinds/activity")).activity,
);
const awards = recordRoutes(
  "awards",
  async () => (await import("@/components/record/kinds/award")).award,
);
const agreements = recordRoutes(
  "agreements",
  async () => (await import("@/components/record/kinds/agreement")).agreement,
);
const inspections = recordRoutes(
  "inspections",
  async () => (await import("@/components/record/kinds/inspection")).inspection,
);
const returns = recordRoutes(
  "returns",
  async () => (await import("@/components/record/kinds/return")).return_,
);
const campaigns = recordRoutes(
  "campaigns",
  async () => (await import("@/components/record/kinds/campaign")).campaign,
);

const PARTNER_KINDS = [
  "party_body",
  "state_body",
  "mass_organisation",
  "business",
  "other",
] as const;
const partners = createRoute({
  ...at("/partners"),
  component: page("partners", () => import("@/features/partners/list-page")),
  validateSearch: (search: Search): { name?: string; kind?: (typeof PARTNER_KINDS)[number] } => ({
    name: text(search.name)?.slice(0, 300),
    kind: oneOf(PARTNER_KINDS, search.kind),
  }),
});
const newPartner = createRoute({
  ...at("/partners/new"),
  component: page("partners", () => import("@/features/partners/new-page")),
});
const partner = createRoute({
  ...at("/partners/$id"),
  component: page("partners", () => import("@/features/partners/partner-page")),
});

const inbox = createRoute({
  ...at("/inbox"),
  component: page("inbox", () => import("@/features/inbox/inbox-page")),
  validateSearch: (search: Search): { open?: number } => ({
    open: Number(search.open) || undefined,
  }),
});

const clusters = createRoute({
  ...at("/clusters"),
  component: page("clusters", () => import("@/features/clusters/clusters-page")),
  validateSearch: (search: Search): { year?: number } => ({
    year: Number(search.year) || undefined,
  }),
});

const DECISION_STATES = ["planned", "in_effect", "annulled"] as const;
const reorganisations = createRoute({
  ...at("/reorganisations"),
  component: page("reorganisations", () => import("@/features/reorganisations/list-page")),
  validateSearch: (search: Search): { state?: (typeof DECISION_STATES)[number] } => ({
    state: oneOf(DECISION_STATES, search.state),
  }),
});
const newReorganisation = createRoute({
  ...at("/reorganisations/new"),
  component: page("reorganisations", () => import("@/features/reorganisations/new-page")),
  validateSearch: (search: Search): { reverses?: number; on?: string } => ({
    reverses: Number(search.reverses) || undefined,
    on: day(search.on),
  }),
});
const correctReorganisation = createRoute({
  ...at("/reorganisations/$id/edit"),
  component: page("reorganisations", () => import("@/features/reorganisations/correct-page")),
});
const reorganisation = createRoute({
  ...at("/reorganisations/$id"),
  component: page(
    "reorganisations",
    () => import("@/features/reorganisations/reorganisation-page"),
  ),
});

const periodLocks = createRoute({
  ...at("/period-locks"),
  component: page("locks", () => import("@/features/locks/locks-page")),
});

const accounts = createRoute({
  ...at("/accounts"),
  component: page("accounts", () => import("@/features/accounts/list-page")),
});
const account = createRoute({
  ...at("/accounts/$id"),
  component: page("accounts", () => import("@/features/accounts/account-page")),
});

const services = createRoute({
  ...at("/service-accounts"),
  component: page("accounts", () => import("@/features/accounts/service-list-page")),
});
const service = createRoute({
  ...at("/service-accounts/$id"),
  component: page("accounts", () => import("@/features/accounts/service-page")),
});

const audit = createRoute({
  ...at("/audit"),
  component: page("audit", () => import("@/features/audit/audit-page")),
});

const profile = createRoute({
  ...at("/profile"),
  component: page("session", () => import("@/features/session/profile-page")),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    units.addChildren([unitsStart, unit, unitFigure]),
    ...activities,
    ...awards,
    ...agreements,
    ...inspections,
    ...returns,
    ...campaigns,
    partners,
    newPartner,
    partner,
    inbox,
    clusters,
    reorganisations,
    newReorganisation,
    correctReorganisation,
    reorganisation,
    periodLocks,
    accounts,
    account,
    services,
    service,
    audit,
    profile,
  ]),
  defaultPreload: "intent",
  defaultPendingComponent: PagePending,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
