/**
 * Who is signed in, and the access token, which stays in memory: a page that is loaded again gets the next
 * one by the cookie. Where the session has ended while a form is open, requests wait until the same person
 * has signed in again, so nothing that was typed is lost.
 */

/** `starting`: not known yet. `ended`: was signed in, and must show the password again. */
export type SessionState = "starting" | "signed_out" | "signed_in" | "ended";

type Token = { access_token: string; expires_in: number };

/** No answer came: the network is away, or the server. */
export class Unreachable extends Error {}

/** Sends a request as it is. */
export async function send(request: Request): Promise<Response> {
  request.headers.set("Accept-Language", document.documentElement.lang || "vi");
  try {
    return await fetch(request);
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new Unreachable("no answer", { cause });
  }
}

const LOCK = "liendoan-session";
/** Remembers that there may be a cookie, so that strangers cause no refused refresh. */
const MARK = "liendoan-signed-in";
/** What the mark says where somebody signed out and the server does not know it yet. */
const ENDING = "ending";
/** Seconds before its end at which a token is replaced. */
const EARLY = 60;

let state: SessionState = "starting";
let token: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const otherTabs = new BroadcastChannel(LOCK);

export const currentState = (): SessionState => state;

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: SessionState) {
  state = next;
  for (const listener of listeners) listener();
}

function take(given: Token) {
  token = given.access_token;
  clearTimeout(timer);
  const wait = Math.max(given.expires_in - EARLY, 5) * 1000;
  timer = setTimeout(() => void refresh(token).catch(() => undefined), wait);
  localStorage.setItem(MARK, "yes");
  become("signed_in");
}

function forget(next: "signed_out" | "ended") {
  token = undefined;
  clearTimeout(timer);
  if (next === "signed_out") localStorage.removeItem(MARK);
  become(next);
}

/**
 * Gets the next access token by the cookie; one tab at a time, since a cookie is good for one use.
 * `used` is the token that no longer serves: who finds another one in its place has nothing to do.
 */
async function refresh(used: string | undefined): Promise<void> {
  await navigator.locks.request(LOCK, async () => {
    if (token !== used || state === "signed_out") return;
    const address = new URL("/api/v1/sessions:refresh", window.location.origin);
    const answer = await send(new Request(address, { method: "POST" }));
    if (answer.ok) take(await answer.json());
    else if (answer.status === 401) forget(state === "starting" ? "signed_out" : "ended");
    else throw await answer.json();
  });
}

/** To be called once, when the page is loaded. */
export async function start(): Promise<void> {
  if (isEnding()) {
    forget("signed_out");
    return endSession();
  }
  if (localStorage.getItem(MARK) === null) return forget("signed_out");
  try {
    await refresh(undefined);
  } catch {
    // The server can't be reached. It is asked again with the first request.
    become("signed_in");
  }
}

export function signedIn(given: Token, isOtherPerson: boolean) {
  take(given);
  if (isOtherPerson) otherTabs.postMessage("changed");
}

/** Whether the server could not be told of a sign-out yet. */
export const isEnding = (): boolean => localStorage.getItem(MARK) === ENDING;

/** Nobody sees any more what was shown; the server is told now, or as soon as there is a network. */
export async function signOut(): Promise<void> {
  forget("signed_out");
  otherTabs.postMessage("changed");
  await endSession();
}

async function endSession(): Promise<void> {
  const sent = fetch("/api/v1/sessions:end", { method: "POST", keepalive: true });
  const answer = await sent.catch(() => undefined);
  // Somebody has signed in meanwhile: the cookie is theirs.
  if (state !== "signed_out") return;
  // 401: there is no session to end.
  if (answer?.ok || answer?.status === 401) localStorage.removeItem(MARK);
  else localStorage.setItem(MARK, ENDING);
  become("signed_out");
}

window.addEventListener("online", () => {
  if (isEnding()) void endSession();
});

/** Somebody signed out, or another person signed in: what this tab shows is no longer theirs to see. */
otherTabs.onmessage = () => window.location.assign("/");

/** Waits for the same person to sign in again. */
function signedInAgain(): Promise<void> {
  return new Promise((resolve) => {
    const stop = subscribe(() => {
      if (state === "ended") return;
      stop();
      resolve();
    });
  });
}

/** The headers of a request that is not sent by fetch, with a token that has still some time. */
export async function authorisation(): Promise<Record<string, string>> {
  if (token === undefined) await refresh(undefined);
  return { Authorization: `Bearer ${token}`, "Accept-Language": document.documentElement.lang };
}

/** Sends a request in the name of whoever is signed in, after another sign-in where that is needed. */
export async function sendSigned(request: Request): Promise<Response> {
  for (let attempt = 0; ; attempt++) {
    const used = token;
    const copy = request.clone();
    if (used) copy.headers.set("Authorization", `Bearer ${used}`);
    const answer = used || state !== "signed_in" ? await send(copy) : undefined;
    const isRefused = answer === undefined || answer.status === 401;
    if (!isRefused || state === "signed_out" || attempt === 3) return answer ?? send(copy);
    await refresh(used);
    // Read anew: refreshing may have changed it.
    if (currentState() === "ended") await signedInAgain();
  }
}
