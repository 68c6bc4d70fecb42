import { mergeConfig, defineConfig as testing } from "vitest/config";
import vite from "./vite.config";

export default mergeConfig(
  vite,
  testing({ test: { include: ["src/**/*.test.ts"], environment: "node" } }),
);
