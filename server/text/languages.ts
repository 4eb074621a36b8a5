const INDENTED = new Set([
  "python",
  "yaml",
  "coffeescript",
  "haskell",
  "nim",
  "sass",
  "pug",
  "fsharp",
]);

/** Languages whose blocks are told by indentation rather than by brackets or keywords. */
export function isIndented(languageId: string): boolean {
  return INDENTED.has(languageId);
}

/** How a line that opens a block ends, by language; brackets and arrows for the rest. */
const OPENING: Readonly<Record<string, RegExp>> = {
  python: /:$/,
  yaml: /:$/,
  ruby: /(^|\s)(do|begin|else|ensure|then)(\s*\|[^|]*\|)?$|\{(\s*\|[^|]*\|)?$|^\s*(def|class|module|if|unless|elsif|while|until|case|when|rescue|for)\b(?!.*\bend$)/,
  shellscript: /(^|\s)(then|do|else)$|\{$/,
  lua: /(^|\s)(then|do|else|repeat)$|\bfunction\b[^()]*\([^()]*\)$/,
};
/** Of a longer line (minified code) only the end is looked at. */
const LONGEST_LINE = 500;
const BRACKETS = /\{$|=>$|\bcase\b.*:$|\bdefault:$/;

/** Whether a line (without its line break) ends in something that opens a block. */
export function opensBlock(line: string, languageId: string): boolean {
  const trimmed = (line.length > LONGEST_LINE ? line.slice(-LONGEST_LINE) : line).trimEnd();
  return (OPENING[languageId] ?? BRACKETS).test(trimmed);
}

/** Whether a line is only a comment, or a documentation string of one line. */
export function isCommentLine(line: string, languageId: string): boolean {
  const trimmed = line.trim();
  if (languageId === "python" && /^("""|''').*\1$/.test(trimmed)) return true;
  return /^(\/\/|\/\*|\*|#(?!\w)|--\s|<!--)/.test(trimmed);
}
