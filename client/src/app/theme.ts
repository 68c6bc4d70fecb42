/** Mantine, with colours that can be read (WCAG 2.2 AA) and nothing else changed. */
import {
  Alert,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
} from "@mantine/core";

/** The red of the federation. */
const brand: MantineColorsTuple = [
  "#fdf0ef",
  "#f7dedc",
  "#eeb9b5",
  "#e5918b",
  "#de7068",
  "#d95b52",
  "#c0392f",
  "#a62b22",
  "#8f221b",
  "#761a14",
];

export const theme = createTheme({
  colors: { brand },
  primaryColor: "brand",
  primaryShade: { light: 7, dark: 7 },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  headings: { fontWeight: "650" },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // Its colour on its own light ground misses AA.
    Alert: Alert.extend({ styles: { title: { color: "var(--mantine-color-text)" } } }),
  },
});

/** Mantine's grey for secondary text and its red miss AA on its own backgrounds. */
export const readable: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#495057",
    "--mantine-color-placeholder": "#5c636a",
    "--mantine-color-anchor": "#8f221b",
    "--mantine-color-error": "#c01c1c",
  },
  dark: {
    "--mantine-color-dimmed": "#b8bcc2",
    "--mantine-color-placeholder": "#a6abb1",
    "--mantine-color-anchor": "#f0aaa5",
    "--mantine-color-error": "#ff9c9c",
  },
});
