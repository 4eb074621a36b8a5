/** The strings that end a text; empty ones, which some clients send, end none. */
export function stopStringsOf(stop: string | readonly string[] | null | undefined): string[] {
  return [stop ?? []].flat().filter((text) => text !== "");
}
