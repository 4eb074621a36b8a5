/** Text of the line up to the end of `before`, without its line break. */
export function currentLine(before: string): string {
  return before.slice(before.lastIndexOf("\n") + 1);
}

/** Text from the start of `after` to the end of its first line, without the line break. */
export function restOfLine(after: string): string {
  const end = after.indexOf("\n");
  const line = end < 0 ? after : after.slice(0, end);
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

/** Offset of the line break (or of the text's end) that ends the line holding `offset`. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  if (end < 0) return text.length;
  return end > offset && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

/** The document's line break: that of its first line; `\n` where there is none. */
export function lineBreakOf(text: string): "\r\n" | "\n" {
  const first = text.indexOf("\n");
  return first > 0 && text.charCodeAt(first - 1) === 13 ? "\r\n" : "\n";
}

/** `text` with every line break as `\n`. */
export function withLineFeeds(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}

/** The last lines of `before`, at most `lines` of them and `characters` long, starting at a line's start. */
export function windowBefore(before: string, lines: number, characters: number): string {
  const least = Math.max(0, before.length - characters);
  let start = before.length;
  for (let line = 0; line < lines && start > least; line++) {
    start = start === 0 ? 0 : before.lastIndexOf("\n", start - 1);
    if (start < 0) return least === 0 ? before : fromNextLine(before, least);
  }
  if (start <= least && least > 0) return fromNextLine(before, least);
  return start === before.length ? "" : before.slice(start === 0 ? 0 : start + 1);
}

function fromNextLine(text: string, offset: number): string {
  const next = text.indexOf("\n", offset);
  return next < 0 ? text.slice(offset) : text.slice(next + 1);
}

/** The first lines of `after`, at most `lines` of them and `characters` long, ending at a line's end. */
export function windowAfter(after: string, lines: number, characters: number): string {
  let end = -1;
  for (let line = 0; line < lines; line++) {
    const next = after.indexOf("\n", end + 1);
    if (next < 0) {
      end = after.length;
      break;
    }
    if (next > characters) break;
    end = next;
  }
  const cut = Math.min(end < 0 ? after.length : end, after.length);
  return after.slice(0, cut > characters ? characters : cut);
}

/** The last line of `before` above the cursor's line that is not blank, or undefined. */
export function previousLine(before: string): string | undefined {
  let end = before.lastIndexOf("\n");
  while (end >= 0) {
    const start = end === 0 ? 0 : before.lastIndexOf("\n", end - 1) + 1;
    const line = before.slice(start, end);
    if (line.trim() !== "") return line.replace(/\r$/, "");
    end = start - 1;
  }
  return undefined;
}

/** The first line below the cursor's line that is not blank, or undefined. */
export function nextLine(after: string): string | undefined {
  let start = after.indexOf("\n") + 1;
  while (start > 0 && start <= after.length) {
    const end = after.indexOf("\n", start);
    const line = after.slice(start, end < 0 ? after.length : end);
    if (line.trim() !== "") return line.replace(/\r$/, "");
    start = end + 1;
  }
  return undefined;
}
