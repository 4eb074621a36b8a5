/** The white space a line starts with. */
export function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** Columns a line is indented by; a tab goes to the next multiple of `tabSize`. */
export function indentWidth(line: string, tabSize = 4): number {
  let width = 0;
  for (const character of line) {
    if (character === " ") width++;
    else if (character === "\t") width += tabSize - (width % tabSize);
    else break;
  }
  return width;
}

/**
 * The unit a document indents by: a tab, or the commonest step between its indented lines in spaces.
 * Looks at no more than the last 200 lines; undefined where nothing is indented.
 */
export function indentUnit(text: string): string | undefined {
  const lines = text.split("\n", 2000).slice(-200);
  const steps = new Map<number, number>();
  let tabs = 0;
  let spaces = 0;
  let previous = 0;
  for (const line of lines) {
    if (line.startsWith("\t")) tabs++;
    if (line.trim() === "") continue;
    const width = indentOf(line).length;
    if (line.startsWith("  ")) spaces++;
    const step = width - previous;
    if (step > 1 && step <= 8) steps.set(step, (steps.get(step) ?? 0) + 1);
    previous = width;
  }
  if (tabs > spaces) return "\t";
  if (spaces === 0) return undefined;
  const [best] = [...steps].sort((a, b) => b[1] - a[1]);
  return " ".repeat(best?.[0] ?? 4);
}
