/** A unit by its name, and the way to its page. */
import { useQuery } from "@tanstack/react-query";
import DataLoader from "dataloader";
import { http } from "@/api/client";
import { TextLink } from "@/components/link";

/** The units that are named on a page are asked for at once. Their names are kept by the query client, not here. */
const names = new DataLoader<string, string>(
  async (codes) => {
    const items = codes.map((code) => ({ code }));
    const { data, error } = await http.POST("/api/v1/units:lookup", { body: { items } });
    if (error) throw error;
    return codes.map((code, at) => data.items[at]?.unit?.name ?? code);
  },
  { cache: false, maxBatchSize: 1000, batchScheduleFn: (send) => setTimeout(send, 5) },
);

/** The last names of units, by their codes. */
export async function unitNames(codes: string[]): Promise<Map<string, string>> {
  const found = await Promise.all(codes.map((code) => names.load(code)));
  return new Map(codes.map((code, at) => [code, found[at] ?? code]));
}

/** The last name of a unit whose code is known. */
export function useUnitName(code: string): string {
  const { data } = useQuery({
    queryKey: ["unit-name", code],
    queryFn: () => names.load(code),
    enabled: code !== "",
  });
  return data ?? code;
}

export function UnitLink({ code, name }: { code: string; name?: string }) {
  return (
    <TextLink to="/units/$code" params={{ code }} className="wrap-anywhere">
      {name ?? <UnitName code={code} />}
    </TextLink>
  );
}

export function UnitName({ code }: { code: string }) {
  return useUnitName(code);
}
