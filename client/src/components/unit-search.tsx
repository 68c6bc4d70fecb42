/** Finding units; and how one that was found is told. */
import { Trans } from "@lingui/react/macro";
import { Badge, Group, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { api, type Schemas } from "@/api/client";
import { useAsOf } from "./as-of";

export type UnitHit = Schemas["UnitHit"];

export function useUnitSearch(typed: string) {
  const q = typed.trim().slice(0, 200);
  const query = { q, as_of: useAsOf(), limit: 20 };
  return api.useQuery(
    "get",
    "/api/v1/units:search",
    { params: { query } },
    { enabled: q !== "", placeholderData: keepPreviousData },
  );
}

export function UnitHitText({ hit }: { hit: UnitHit }) {
  const path = hit.path.slice(0, -1).map((step) => step.name);
  const successors = hit.today.map((unit) => unit.name).join(", ");
  return (
    <div className="wrap-anywhere">
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {hit.name}
        </Text>
        {!hit.alive && (
          <Badge variant="default" size="sm">
            <Trans>Đã kết thúc</Trans>
          </Badge>
        )}
      </Group>
      {hit.matched.text !== hit.name && (
        <Text size="xs">
          <Trans>Tên khác: {hit.matched.text}</Trans>
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {path.join(" › ") || hit.code}
        {!hit.alive && successors && (
          <>
            {" "}
            · <Trans>nay là {successors}</Trans>
          </>
        )}
      </Text>
    </div>
  );
}
