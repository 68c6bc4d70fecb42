/** What somebody gets to see: a sign-in, the set-up of a second factor, or the application. */
import { Center, Loader } from "@mantine/core";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense, useState, useSyncExternalStore } from "react";
import { api } from "@/api/client";
import { currentState, signOut, subscribe } from "@/api/session";
import { AccountProvider } from "@/components/account";
import { Failure } from "@/components/failure";
import { spokenIn } from "@/i18n";
import { router } from "./router";

const SignInPage = lazy(spokenIn("session", () => import("@/features/session/sign-in-page")));
const InvitationPage = lazy(
  spokenIn("session", () => import("@/features/session/invitation-page")),
);
const SecondFactorPage = lazy(
  spokenIn("session", () => import("@/features/session/second-factor-page")),
);
const ExpiryDialog = lazy(spokenIn("session", () => import("@/features/session/expiry-dialog")));

// Whoever signs in next on this page begins at the first one, not where another person was. Only who comes by an address
// of their own goes where it leads.
let wasInside = false;
subscribe(() => {
  const state = currentState();
  if (state === "signed_out" && wasInside) {
    router.history.replace("/", undefined, { ignoreBlocker: true });
  }
  wasInside = state === "signed_in" || state === "ended";
});

/** The token of an invitation stands behind the #, so that no server's log has it. */
const invitation = () => /^#\/invitation\/(.+)$/.exec(window.location.hash)?.[1];

const waiting = (
  <Center mih="100vh">
    <Loader aria-label="…" />
  </Center>
);

export function Door() {
  const state = useSyncExternalStore(subscribe, currentState);
  const [token, setToken] = useState(invitation);
  if (token) {
    const leave = () => {
      window.history.replaceState(null, "", "/");
      setToken(undefined);
      if (state !== "signed_out") void signOut();
    };
    return (
      <Suspense fallback={waiting}>
        <InvitationPage token={token} onDone={leave} />
      </Suspense>
    );
  }
  if (state === "starting") return waiting;
  if (state === "signed_out") {
    return (
      <Suspense fallback={waiting}>
        <SignInPage />
      </Suspense>
    );
  }
  return <Inside hasEnded={state === "ended"} />;
}

function Inside({ hasEnded }: { hasEnded: boolean }) {
  const { data: account, error, refetch } = api.useQuery("get", "/api/v1/account", {});
  if (!account) {
    return error ? (
      <Center mih="100vh" p="md">
        <Failure error={error} onRetry={() => refetch()} />
      </Center>
    ) : (
      waiting
    );
  }
  return (
    <Suspense fallback={waiting}>
      {account.must_set_up_second_factor ? (
        <SecondFactorPage />
      ) : (
        <AccountProvider value={account}>
          <RouterProvider router={router} />
        </AccountProvider>
      )}
      {hasEnded && <ExpiryDialog name={account.name} />}
    </Suspense>
  );
}
