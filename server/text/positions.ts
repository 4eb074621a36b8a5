/** A place in a text; line and character count from 0, characters in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Converts between offsets and positions of one text; built once, then O(log lines) a question. */
export interface LineIndex {
  readonly lineCount: number;
  /** Offset of a line's first character; clamped to the text. */
  startOf(line: number): number;
  positionAt(offset: number): Position;
  /** Clamped: past a line's end is the line's end, past the last line is the text's end. */
  offsetAt(position: Position): number;
}

/** Indexes the lines of a text. `\n`, `\r\n` and a lone `\r` end a line, as in the language server protocol. */
export function createLineIndex(text: string): LineIndex {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  const startOf = (line: number): number =>
    line < 0 ? 0 : line < starts.length ? (starts[line] ?? 0) : text.length;
  const endOf = (line: number): number => {
    let end = startOf(line + 1);
    while (end > startOf(line) && /[\r\n]/.test(text.charAt(end - 1))) end--;
    return end;
  };
  return {
    lineCount: starts.length,
    startOf,
    positionAt(offset) {
      const clamped = Math.max(0, Math.min(offset, text.length));
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (startOf(middle) <= clamped) low = middle;
        else high = middle - 1;
      }
      return { line: low, character: clamped - startOf(low) };
    },
    offsetAt({ line, character }) {
      if (line < 0) return 0;
      if (line >= starts.length) return text.length;
      return Math.max(startOf(line), Math.min(startOf(line) + character, endOf(line)));
    },
  };
}
