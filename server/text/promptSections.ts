/** An optional part of a prompt, with blank lines around it; nothing where there is nothing to say. */
export function section(content: string, write: () => string): string {
  return content.trim() === "" ? "" : `\n${write()}\n`;
}

/** `- one` a line. */
export function listOf(items: readonly string[]): string {
  return items
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => `- ${item}`)
    .join("\n");
}
