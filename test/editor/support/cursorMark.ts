/** Takes the `|` out of a fixture and says where it was; line and column count from 1. */
export function readCursorMark(textWithCursor: string): {
  readonly text: string;
  readonly line: number;
  readonly column: number;
} {
  const at = textWithCursor.indexOf("|");
  if (at < 0) throw new Error("the fixture has no cursor mark |");
  const before = textWithCursor.slice(0, at).split("\n");
  return {
    text: textWithCursor.slice(0, at) + textWithCursor.slice(at + 1),
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
}
