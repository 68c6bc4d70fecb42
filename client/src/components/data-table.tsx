/** Things in rows, each told in the same columns. */
import { Table } from "@mantine/core";
import type { ReactNode } from "react";

export type Column<T> = {
  /** What stands above it; a column of boxes or buttons has a name that is not seen. */
  label: string;
  isLabelHidden?: boolean;
  show: (item: T) => ReactNode;
  /** What people have written: it may have words wider than the column. */
  isLong?: boolean;
  /** Left out on a phone. */
  isWide?: boolean;
  isNumber?: boolean;
};

type Props<T> = {
  label: string;
  columns: Column<T>[];
  items: T[];
  keyOf: (item: T) => number;
};

export function DataTable<T>({ label, columns, items, keyOf }: Props<T>) {
  const cell = ({ isWide, isNumber }: Column<T>) => ({
    visibleFrom: isWide ? "sm" : undefined,
    ta: isNumber ? ("end" as const) : undefined,
  });
  return (
    <Table highlightOnHover aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) =>
            column.isLabelHidden ? (
              <Table.Th key={column.label} {...cell(column)} aria-label={column.label} />
            ) : (
              <Table.Th key={column.label} {...cell(column)}>
                {column.label}
              </Table.Th>
            ),
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={keyOf(item)}>
            {columns.map((column) => (
              <Table.Td
                key={column.label}
                {...cell(column)}
                className={column.isLong ? "wrap-anywhere" : undefined}
              >
                {column.show(item)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
