/** What is known of something: names and values, side by side or one above the other. */
import { Table, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** Facts without a value are left out. */
export function Facts({ facts }: { facts: [ReactNode, ReactNode][] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <Table withRowBorders verticalSpacing="xs" layout="fixed">
      <Table.Tbody>
        {known.map(([name, value], row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the order is fixed
          <Table.Tr key={row}>
            <Table.Th
              scope="row"
              w={{ base: 130, sm: 200 }}
              fw={500}
              style={{ verticalAlign: "top", textAlign: "start" }}
            >
              <Text size="sm" c="dimmed">
                {name}
              </Text>
            </Table.Th>
            <Table.Td className="wrap-anywhere">{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
