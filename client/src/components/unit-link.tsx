/** A unit by its name, and the way to its page. */

import { api, byCode } from "@/api/client";
import { TextLink } from "@/components/link";

/** The present name of a unit whose code is known. */
export function useUnitName(code: string): string {
  const { data } = api.useQuery(
    "get",
    "/api/v1/units/{unit}",
    { params: { path: { unit: byCode(code) } } },
    { enabled: code !== "" },
  );
  return data?.name ?? code;
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
