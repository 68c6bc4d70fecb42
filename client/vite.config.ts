import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Writes each file a second and a third time, compressed once for all who ask. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const [fileName, file] of Object.entries(bundle)) {
          if (!fileName.startsWith("assets/")) continue;
          const source = Buffer.from(file.type === "chunk" ? file.code : file.source);
          if (source.length < 1024) continue;
          const params = { [constants.BROTLI_PARAM_SIZE_HINT]: source.length };
          const forms = { br: brotliCompressSync(source, { params }), gz: gzipSync(source) };
          for (const [ending, compressed] of Object.entries(forms)) {
            this.emitFile({ type: "asset", fileName: `${fileName}.${ending}`, source: compressed });
          }
        }
      },
    },
  };
}

export default defineConfig({
  plugins: [
    react({ babel: { plugins: ["@lingui/babel-plugin-lingui-macro"] } }),
    lingui({ failOnMissing: true, failOnCompileError: true }),
    precompressed(),
  ],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  // The server puts a new nonce in the place of this word into each answer.
  html: { cspNonce: "NONCE_OF_THE_ANSWER" },
  build: {
    target: "es2022",
    manifest: true,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What every page needs comes in one file.
          groups: [{ name: "initial", tags: ["$initial"] }],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: { "/api": "http://127.0.0.1:8080" },
  },
});
