import { defineConfig } from "@playwright/test";
import round from "./playwright.config";

// Whoever must set up a second factor first sees nothing else.
process.env.LIENDOAN_ACCESS__SECOND_FACTOR = "optional";

/** What takes too long for the gate: every page as everybody, and the proxy of production. */
export default defineConfig(round, { testDir: "prove" });
