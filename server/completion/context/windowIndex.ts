import { identifiersIn } from "../../text/identifiers.ts";

/** A stretch of lines of a file, with the number of different identifiers in it. */
export interface IndexedWindow {
  /** First line, from 0. */
  readonly startLine: number;
  /** Line after the last. */
  readonly endLine: number;
  readonly identifiers: number;
}

/** Which windows of a file use an identifier. */
export interface WindowIndex {
  readonly windows: readonly IndexedWindow[];
  readonly uses: ReadonlyMap<string, readonly number[]>;
  readonly lines: readonly string[];
}

/** Lines a window holds, and lines between the starts of two. */
export const WINDOW_LINES = 30;
const STEP = 15;
/** Files are indexed up to this line; bounds memory and the time of one step. */
const LAST_LINE = 4000;
const SHORTEST_IDENTIFIER = 3;
/** Words that say nothing about what code is about. */
const COMMON = new Set(
  (
    "abstract and any args assert async await bool boolean break case catch char class const " +
    "constructor continue def default del delete double elif else end enum except export extends " +
    "false final finally float for foreach from func function get global goto identity implements " +
    "import include instanceof int interface lambda length let long module mut namespace new nil " +
    "none None not null number object package pass private protected pub public raise readonly " +
    "return self set short signed static str string String struct super switch template then this " +
    "throw throws true True False try type typedef typeof undefined union unsigned use using var " +
    "void while with yield"
  ).split(" "),
);

/** The identifiers of a text that tell what it is about. */
export function tellingIdentifiers(text: string): Set<string> {
  const telling = new Set<string>();
  for (const identifier of identifiersIn(text)) {
    if (identifier.length >= SHORTEST_IDENTIFIER && !COMMON.has(identifier)) {
      telling.add(identifier);
    }
  }
  return telling;
}

/** Indexes the overlapping windows of a text. */
export function indexWindows(text: string): WindowIndex {
  const lines = text.split(/\r?\n/, LAST_LINE);
  const byLine = lines.map((line) => (line.trim() === "" ? undefined : tellingIdentifiers(line)));
  const windows: IndexedWindow[] = [];
  const uses = new Map<string, number[]>();
  for (let startLine = 0; startLine < lines.length; startLine += STEP) {
    const endLine = Math.min(lines.length, startLine + WINDOW_LINES);
    const identifiers = new Set<string>();
    for (const own of byLine.slice(startLine, endLine)) {
      if (own) for (const identifier of own) identifiers.add(identifier);
    }
    for (const identifier of identifiers) {
      const at = uses.get(identifier);
      if (at) at.push(windows.length);
      else uses.set(identifier, [windows.length]);
    }
    windows.push({ startLine, endLine, identifiers: identifiers.size });
    if (endLine === lines.length) break;
  }
  return { windows, uses, lines };
}

/** Jaccard similarity, 0 to 1, of each window to a set of identifiers. */
export function similarities(index: WindowIndex, query: ReadonlySet<string>): Float64Array {
  const common = new Float64Array(index.windows.length);
  for (const identifier of query) {
    for (const window of index.uses.get(identifier) ?? [])
      common[window] = (common[window] ?? 0) + 1;
  }
  index.windows.forEach(({ identifiers }, i) => {
    const shared = common[i] ?? 0;
    common[i] = shared / Math.max(1, query.size + identifiers - shared);
  });
  return common;
}
