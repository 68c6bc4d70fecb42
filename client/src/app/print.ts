/** Paper is light, whatever the screen is. */
export function printLight(): void {
  const root = document.documentElement;
  let onScreen: string | undefined;
  window.matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) onScreen = root.dataset.mantineColorScheme;
    root.dataset.mantineColorScheme = matches ? "light" : (onScreen ?? "light");
  });
}
