/** Taking a record from state to state. */
import { useMutation } from "@tanstack/react-query";
import { http, ifMatch } from "@/api/client";
import { useRefresh } from "./requests";

export type StepAction = "submit" | "recall" | "approve" | "return" | "correct" | "withdraw";

type Step = { action: StepAction; id: number; version: number; reason?: string; places?: string[] };

export function useStep() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: async ({ action, id, version, reason, places }: Step) => {
      const params = { path: { id }, header: ifMatch(version) };
      const body = { reason: reason ?? null, places: places ?? [] };
      const send = {
        submit: () => http.POST("/api/v1/records/{id}:submit", { params, body }),
        recall: () => http.POST("/api/v1/records/{id}:recall", { params, body }),
        approve: () => http.POST("/api/v1/records/{id}:approve", { params, body }),
        return: () => http.POST("/api/v1/records/{id}:return", { params, body }),
        correct: () => http.POST("/api/v1/records/{id}:correct", { params, body }),
        withdraw: () => http.POST("/api/v1/records/{id}:withdraw", { params, body }),
      };
      const { data, error } = await send[action]();
      if (error) throw error;
      return data;
    },
    // A step changes lists, inbox and history alike; a refused one shows that they are old.
    onSettled: refresh,
  });
}
