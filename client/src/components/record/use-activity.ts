import { api } from "@/api/client";

export function useActivity(id: number) {
  return api.useQuery("get", "/api/v1/activities/{id}", { params: { path: { id } } });
}
