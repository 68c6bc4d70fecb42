/** Everything that a decision would touch, before anything is written. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Alert, List, Stack, Table, Text, Title } from "@mantine/core";
import type { Schemas } from "@/api/client";
import { useRoles } from "@/components/names";
import { UnitLink, UnitName } from "@/components/unit-link";
import { formatDay } from "@/lib/format";

export function PreviewView({ preview }: { preview: Schemas["Preview"] }) {
  const { t } = useLingui();
  const { nameOf } = useRoles();
  const count = preview.units_total;
  const along = preview.carried_along;
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        <Plural value={count} one="# đơn vị thay đổi" other="# đơn vị thay đổi" />
        {along > 0 && (
          <>
            {", "}
            <Plural value={along} one="# đơn vị đi theo" other="# đơn vị đi theo" />
          </>
        )}
      </Title>
      <Table aria-label={t`Trước và sau`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t`Đơn vị`}</Table.Th>
            <Table.Th>{t`Trước`}</Table.Th>
            <Table.Th>{t`Sau`}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.units.map((unit) => (
            <Table.Tr key={unit.code} style={{ verticalAlign: "top" }}>
              <Table.Td>
                {unit.before ? <UnitLink code={unit.code} name={unit.name} /> : unit.name}
              </Table.Td>
              <Table.Td>
                <Side rows={unit.before} />
              </Table.Td>
              <Table.Td>
                <Side rows={unit.after} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {preview.grants.length > 0 && (
        <Alert
          color="yellow"
          title={t`Vai trò ở các đơn vị kết thúc: người quản lý tài khoản cần giao lại`}
        >
          <List size="sm">
            {preview.grants.map((grant) => (
              <List.Item key={grant.grant_id}>
                {grant.account ?? "–"} · {nameOf(grant.role)} · <UnitName code={grant.unit} />
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {preview.warnings.length > 0 && (
        <Alert color="yellow" title={t`Cần xem lại`}>
          <List size="sm">
            {preview.warnings.map(({ code, unit, other }) => (
              <List.Item key={`${code} ${unit} ${other}`}>
                {code === "same_name_as_sibling" ? (
                  <Trans>
                    {unit} trùng tên với {other}, cùng một cấp trên
                  </Trans>
                ) : (
                  <Trans>Cụm {other} không còn trưởng cụm</Trans>
                )}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Stack>
  );
}

/** The last of each: what holds from then on. */
function Side({ rows }: { rows: Schemas["UnitRows"] | null }) {
  const { t } = useLingui();
  if (!rows) return <Text size="sm">–</Text>;
  const name = rows.versions.at(-1)?.name;
  const placement = rows.placements.at(-1);
  const end = rows.lives.at(-1)?.to;
  return (
    <Text size="sm" component="div">
      <div>{name}</div>
      {placement?.parent && (
        <div>
          {t`Trực thuộc`} <UnitName code={placement.parent} />
          {placement.from && ` (${t`từ ${formatDay(placement.from)}`})`}
        </div>
      )}
      {end && <div>{t`không còn từ ${formatDay(end)}`}</div>}
    </Text>
  );
}
