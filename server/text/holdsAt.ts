/**
 * Whether `part` stands in `text` at an offset. The same as `startsWith`, which compares character by
 * character: on windows of ten thousand characters, at each key, that is a hundred times slower.
 */
export function holdsAt(text: string, part: string, offset: number): boolean {
  return text.slice(offset, offset + part.length) === part;
}
