/** What somebody may do at a unit today, and by which grant. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { api, byCode } from "@/api/client";
import { Failure } from "@/components/failure";
import { usePermissionSentence, useRoles } from "@/components/names";
import { UnitPicker } from "@/components/unit-picker";

type Props = { account: number; unit: string };

export function EffectiveRights({ account, unit: first }: Props) {
  const { t } = useLingui();
  const [unit, setUnit] = useState(first);
  const { nameOf } = useRoles();
  const sentence = usePermissionSentence();
  const params = { path: { id: account }, query: { unit: byCode(unit) } };
  const { data, error } = api.useQuery(
    "get",
    "/api/v1/accounts/{id}/rights",
    { params },
    { enabled: unit !== "" },
  );
  return (
    <Stack>
      <UnitPicker label={t`Đơn vị`} value={unit} onChange={setUnit} />
      {error && <Failure error={error} />}
      {data && data.permissions.length === 0 && (
        <Text c="dimmed">
          <Trans>Không được làm gì ở đơn vị này.</Trans>
        </Text>
      )}
      {data && data.permissions.length > 0 && (
        <Table aria-label={t`Quyền ở đơn vị này`}>
          <Table.Tbody>
            {data.permissions.map(({ permission, because }) => (
              <Table.Tr key={permission}>
                <Table.Td>{sentence(permission)}</Table.Td>
                <Table.Td>
                  <Text size="sm" c="dimmed">
                    {[...new Set(because.map((reason) => nameOf(reason.role)))].join(", ")}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}
