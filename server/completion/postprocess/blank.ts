/** Drops a suggestion of nothing but white space. */
export function blank(text: string): string {
  return text.trim() === "" ? "" : text;
}
