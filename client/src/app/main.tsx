import "./styles";
import "./app.css";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { start } from "@/api/session";
import { chosenLanguage, speak } from "@/i18n";
import { Door } from "./door";
import { printLight } from "./print";
import { queryClient } from "./query-client";
import { readable, theme } from "./theme";

const Notices = lazy(() => import("./notices"));

/** The server gives each page a nonce: styles that do not bear it are not applied. */
const nonce = document.querySelector<HTMLElement>("meta[property=csp-nonce]")?.nonce;

// What locks the page behind a dialog asks for it by this name.
Object.assign(window, { __webpack_nonce__: nonce });

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no root");

printLight();
void start();
void speak(chosenLanguage()).then(() =>
  createRoot(root).render(
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <MantineProvider
          theme={theme}
          cssVariablesResolver={readable}
          defaultColorScheme="auto"
          getStyleNonce={() => nonce ?? ""}
        >
          <QueryClientProvider client={queryClient}>
            <Suspense>
              <Notices />
            </Suspense>
            <Door />
          </QueryClientProvider>
        </MantineProvider>
      </I18nProvider>
    </StrictMode>,
  ),
);
