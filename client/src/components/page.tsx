/** The frame of a page: its title, what can be done here, and what is on the way. */
import { Box, Group, Paper, Skeleton, Stack, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Failure } from "./failure";

type Props = { title: string; actions?: ReactNode; children: ReactNode };

export function Page({ title, actions, children }: Props) {
  useDocumentTitle(`${title} · Liên đoàn`);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="center" gap="xs">
        <Title order={1} size="h2" className="wrap-anywhere">
          {title}
        </Title>
        {actions && (
          <Group gap="xs" className="no-print">
            {actions}
          </Group>
        )}
      </Group>
      {children}
    </Stack>
  );
}

/** Rows that are not there yet, as high as they will be. */
export function Rows({ count = 8, height = 44 }: { count?: number; height?: number }) {
  return (
    <Stack gap="xs" aria-busy="true">
      {Array.from({ length: count }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={row} height={height} />
      ))}
    </Stack>
  );
}

/** A part of a page, with a heading of its own. */
export function Section({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <Paper component="section" withBorder p="md">
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

type Query = { error: unknown; refetch: () => unknown };

/** In the place of what is not there yet: rows, or why it does not come. What is there stays when it can't be renewed. */
export function Pending({ query, ...rows }: { query: Query; count?: number; height?: number }) {
  if (!query.error) return <Rows {...rows} />;
  return <Failure error={query.error} onRetry={() => query.refetch()} />;
}

export function PagePending() {
  return (
    <Box>
      <Skeleton height={36} width={260} mb="md" />
      <Rows />
    </Box>
  );
}
