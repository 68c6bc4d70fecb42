/** What is seen before the door: sign-in, invitation, setting up the second factor. */
import { Box, Group, Paper, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Preferences } from "@/components/preferences";

export function DoorPage({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <Box component="main" maw={460} mx="auto" px="md" py="xl" mih="100vh">
      <Group justify="space-between" mb="xl">
        <Group gap="sm">
          <img src="/icon.svg" alt="" width={36} height={36} />
          <Text fw={700} size="lg">
            Liên đoàn
          </Text>
        </Group>
        <Preferences />
      </Group>
      <Paper withBorder p={{ base: "md", xs: "xl" }} radius="md">
        <Title order={1} size="h3" mb="md">
          {title}
        </Title>
        {children}
      </Paper>
    </Box>
  );
}
