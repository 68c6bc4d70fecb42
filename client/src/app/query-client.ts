import { QueryClient } from "@tanstack/react-query";
import { isProblem } from "@/api/problem";
import { currentState, subscribe } from "@/api/session";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // What the API refused is not asked again; what got lost on the way is.
      retry: (failures, error) => failures < 2 && (!isProblem(error) || error.status >= 500),
    },
    // Without a network a change is refused at once, not kept in secret until later.
    mutations: { networkMode: "always" },
  },
});

// What one person was shown is not the next one's to see, who may sign in on the same page.
subscribe(() => {
  if (currentState() === "signed_out") queryClient.clear();
});
