import type { TextChange } from "../../protocol/host.ts";
import { indentOf } from "../../text/indentation.ts";
import { lineBreakOf, lineEnd, lineStart, withLineFeeds } from "../../text/lines.ts";
import type { Anchor } from "./anchor.ts";

/**
 * The change that a comment's replacement comes to; undefined where it changes nothing. Models often
 * quote part of a line and write all of it anew: that replaces the line, not the part.
 */
export function changeOf(
  text: string,
  anchor: Anchor,
  replacement: string | null,
): TextChange | undefined {
  if (replacement === null) return undefined;
  let { start, end } = anchor;
  const written = withLineFeeds(replacement).trim();
  const from = lineStart(text, start);
  const indent = indentOf(text.slice(from, start));
  const before = text.slice(from + indent.length, start).trim();
  const after = text.slice(end, lineEnd(text, end)).trimEnd();
  if (before !== "" && written.startsWith(before)) start = from + indent.length;
  if (after !== "" && written.endsWith(after.trim())) end += after.length;
  const lines = written.split("\n").map((line, at) => {
    return at === 0 || line === "" || /^\s/.test(line) ? line : indent + line;
  });
  const code = lines.join(lineBreakOf(text));
  return withoutSpace(code) === withoutSpace(text.slice(start, end))
    ? undefined
    : { start, end, text: code };
}

function withoutSpace(code: string): string {
  return code.replace(/\s+/g, "");
}
