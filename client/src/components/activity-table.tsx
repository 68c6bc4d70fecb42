/** Activities in rows; on a phone, one below the other. */
import { useLingui } from "@lingui/react/macro";
import { Box, Checkbox, Group, Paper, Stack, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Schemas } from "@/api/client";
import { formatPeriod } from "@/lib/period";
import { useActivityKinds } from "./names";
import { STATUSES, StateBadge } from "./state-badge";
import { UnitName } from "./unit-link";

export type Activity = Schemas["Activity"];

type Props = {
  items: Activity[];
  titleOf: (item: Activity) => ReactNode;
  openId?: number;
  /** The ids that are ticked, where ticking is meant. */
  chosen?: Set<number>;
  onChoose?: (ids: Set<number>) => void;
};

export function ActivityTable({ items, titleOf, openId, chosen, onChoose }: Props) {
  const { t, i18n } = useLingui();
  const { nameOf } = useActivityKinds();
  const tick = (id: number) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose?.(next);
  };
  const box = (item: Activity) =>
    onChoose && (
      <Checkbox
        aria-label={t`Chọn “${item.content.title}”`}
        checked={chosen?.has(item.id) ?? false}
        onChange={() => tick(item.id)}
      />
    );
  return (
    <>
      <Box visibleFrom="sm" style={{ overflowX: "auto" }}>
        <Table highlightOnHover aria-label={t`Hoạt động`}>
          <Table.Thead>
            <Table.Tr>
              {onChoose && <Table.Th w={40} aria-label={t`Chọn`} />}
              <Table.Th>{t`Tên hoạt động`}</Table.Th>
              <Table.Th>{t`Đơn vị`}</Table.Th>
              <Table.Th>{t`Loại`}</Table.Th>
              <Table.Th>{t`Thời gian`}</Table.Th>
              <Table.Th>{t`Trạng thái`}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr
                key={item.id}
                bg={item.id === openId ? "var(--mantine-primary-color-light)" : undefined}
              >
                {onChoose && <Table.Td>{box(item)}</Table.Td>}
                <Table.Td className="wrap-anywhere">{titleOf(item)}</Table.Td>
                <Table.Td>
                  <Text size="sm" lineClamp={2}>
                    <UnitName code={item.content.unit} />
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{nameOf(item.content.kind)}</Text>
                  <Text size="xs" c="dimmed">
                    {i18n._(STATUSES[item.content.status])}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Text size="sm" style={{ whiteSpace: "nowrap" }}>
                    {formatPeriod(item.content.period)}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <StateBadge state={item.state} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Box>
      <Stack hiddenFrom="sm" gap="xs">
        {items.map((item) => (
          <Paper key={item.id} withBorder p="sm">
            <Group align="flex-start" wrap="nowrap" gap="sm">
              {box(item)}
              <Box flex={1} miw={0} className="wrap-anywhere">
                {titleOf(item)}
                <Text size="sm">
                  <UnitName code={item.content.unit} />
                </Text>
                <Group gap="xs" mt={4}>
                  <StateBadge state={item.state} />
                  <Text size="xs" c="dimmed">
                    {formatPeriod(item.content.period)} · {nameOf(item.content.kind)}
                  </Text>
                </Group>
              </Box>
            </Group>
          </Paper>
        ))}
      </Stack>
    </>
  );
}
