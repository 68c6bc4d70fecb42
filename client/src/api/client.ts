/** The only way to the API: typed by the OpenAPI document. */
import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { done, keyOf } from "./idempotency";
import type { components, paths } from "./schema";
import { loadSentences } from "./sentences";
import { currentState, send, sendSigned } from "./session";

export type Schemas = components["schemas"];

/** What all requests share. */
const conventions: Middleware = {
  async onRequest({ request, schemaPath }) {
    // What is secret is not kept to be answered again, and what only reads may be asked again.
    const takesNone =
      /\/(sessions|invitations)|\/account\/(?!filters)|:(invite|reset|lookup)$|\/secrets/.test(
        schemaPath,
      );
    if (request.method === "POST" && !takesNone && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", await keyOf(request));
    }
    if (request.method === "PATCH") {
      request.headers.set("Content-Type", "application/merge-patch+json");
    }
    return request;
  },
  async onResponse({ request, response }) {
    if (response.ok) done(request.headers.get("Idempotency-Key"));
    if (response.status === 422) await loadSentences();
  },
};

/** Requests that bring credentials of their own; 401 is then an answer, no reason to sign in again. */
const OPEN = /\/api\/v1\/(sessions|invitations)(:[a-z]+)?$/;

export const http = createFetchClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request: Request) =>
    OPEN.test(new URL(request.url).pathname) && currentState() !== "starting"
      ? send(request)
      : sendSigned(request),
});
http.use(conventions);

/** Queries and mutations of TanStack Query over the same client. */
export const api = createQueryClient(http);

/** The version that a change is about. */
export const ifMatch = (version: number) => ({ "If-Match": `"${version}"` });

/** A unit in an address. */
export const byCode = (code: string) => `code:${code}`;
