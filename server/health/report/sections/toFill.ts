/** Places for what only the user can tell. */
export function toFillSection(): string {
  const place = (title: string, hint: string): string => `### ${title}\n\n<!-- ${hint} -->\n\n`;
  return [
    place("Steps", "What did you do, one step a line?"),
    place("Expected", "What should have happened?"),
    place("Actual", "What happened instead?"),
    place("Already tried", "Restart, Diagnose, Rebuild, another model, another file …"),
  ]
    .join("\n")
    .trimEnd();
}
