/** Colours of a chart, as names of VS Code's theme variables without `--vscode-`. */
export type ThemeColor =
  | "charts-blue"
  | "charts-green"
  | "charts-orange"
  | "charts-purple"
  | "charts-red"
  | "charts-yellow"
  | "charts-lines"
  | "foreground"
  | "descriptionForeground";

/** The value of a theme variable now; a canvas cannot read variables itself. */
export function themeColor(name: ThemeColor | "widget-border"): string {
  const style = getComputedStyle(document.documentElement);
  const value = style.getPropertyValue(`--vscode-${name}`).trim();
  return value === "" ? style.color : value;
}

/** The font of the view, for a canvas. */
export function themeFont(pixels: number): string {
  const style = getComputedStyle(document.documentElement);
  const family = style.getPropertyValue("--vscode-font-family").trim();
  return `${pixels}px ${family === "" ? "sans-serif" : family}`;
}

/** Calls back when the editor's theme changes; returns what ends it. */
export function onThemeChange(listener: () => void): () => void {
  // VS Code writes the variables into the style of <html> and the theme's kind into <body>.
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["style", "class"] });
  observer.observe(document.body, { attributeFilter: ["class", "data-vscode-theme-id"] });
  return () => observer.disconnect();
}
