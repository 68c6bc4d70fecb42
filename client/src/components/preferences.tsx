/** Language and light, wherever one stands. */
import { useLingui } from "@lingui/react/macro";
import {
  ActionIcon,
  Button,
  Group,
  useComputedColorScheme,
  useMantineColorScheme,
} from "@mantine/core";
import { Moon, Sun } from "lucide-react";
import { type Language, speak } from "@/i18n";

export function Preferences() {
  const { t, i18n } = useLingui();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other: Language = i18n.locale === "vi" ? "en" : "vi";
  return (
    <Group gap={4} wrap="nowrap">
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        lang={other}
        c="var(--mantine-color-text)"
        aria-label={other === "en" ? "English" : "Tiếng Việt"}
        onClick={() => speak(other)}
      >
        {other === "en" ? "EN" : "VI"}
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        c="var(--mantine-color-text)"
        aria-label={scheme === "dark" ? t`Nền sáng` : t`Nền tối`}
        onClick={() => setColorScheme(scheme === "dark" ? "light" : "dark")}
      >
        {scheme === "dark" ? <Sun aria-hidden size={20} /> : <Moon aria-hidden size={20} />}
      </ActionIcon>
    </Group>
  );
}
