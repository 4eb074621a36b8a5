/** Words that a declaration begins with at the left margin, in the languages that are read. */
const declaration =
  /^(?:@|(?:(?:export|default|declare|abstract|async|public|private|protected|static|final|pub) )*(?:function|class|interface|enum|const|let|var|type|namespace|def|func|fn|impl|struct|trait|mod)\b)/;
/** A definition by indentation alone can be read without what it is part of. */
const indentedDefinition = /^[ \t]*(?:@\w|(?:async )?def |class \w)/;

/**
 * Start of the line from which a part of a long text is read: the first declaration at the margin in
 * `[least, most]`, if it costs no more than half of that room, else the first definition, else the
 * first line. A parser that begins in the middle of a string or statement understands nothing.
 */
export function windowStart(text: string, least: number, most: number): number {
  if (least <= 0) return 0;
  let firstLine: number | undefined;
  let firstDefinition: number | undefined;
  for (let line = text.indexOf("\n", least - 1) + 1; line > 0 && line <= most;) {
    firstLine ??= line;
    const head = text.slice(line, line + 80);
    const isNear = line - least <= (most - least) / 2;
    if (isNear && declaration.test(head)) return line;
    if (firstDefinition === undefined && indentedDefinition.test(head)) firstDefinition = line;
    if (!isNear && firstDefinition !== undefined) break;
    const next = text.indexOf("\n", line) + 1;
    if (next === 0) break;
    line = next;
  }
  return firstDefinition ?? firstLine ?? most;
}

/**
 * End of the part of a long text that is read: the last line in `[least, most]` at which a definition
 * begins, since a string that is cut off swallows what is before it; the last line where there is none.
 */
export function windowEnd(text: string, least: number, most: number): number {
  if (most >= text.length) return text.length;
  let lastLine: number | undefined;
  for (let end = most; end >= least;) {
    const line = text.lastIndexOf("\n", end - 1) + 1;
    if (line < least || line === 0) break;
    lastLine ??= line;
    const head = text.slice(line, line + 80);
    if (declaration.test(head) || indentedDefinition.test(head)) return line;
    end = line - 1;
  }
  return lastLine ?? least;
}
