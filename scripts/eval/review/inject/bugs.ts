/** Kinds of bugs that are injected; each counts the same, however often code offers it. */
export const bugKinds = [
  "wrong-identifier",
  "wrong-member",
  "wrong-comparison",
  "wrong-operator",
  "negation",
  "wrong-literal",
  "swapped-arguments",
  "missing-await",
  "missing-return",
  "same-operands",
] as const;
export type BugKind = (typeof bugKinds)[number];

/** One change that makes right code wrong: `[start, end)` of a file's text becomes `text`. */
export interface Bug {
  readonly kind: BugKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A place where a kind of bug is possible, and the ways in which it is. */
export interface BugSite {
  readonly kind: BugKind;
  readonly bugs: readonly Bug[];
}

/** A function with a body; offsets are the file's. */
export interface CodeFunction {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A source file that parses, as the injector sees it. */
export interface CodeFile {
  readonly functions: readonly CodeFunction[];
  /** Places inside `[start, end)`. */
  sitesIn(start: number, end: number): BugSite[];
}

/** Reads source files of one language. */
export interface CodeReader {
  /** Undefined where the text does not parse. */
  read(path: string, text: string): CodeFile | undefined;
  parses(path: string, text: string): boolean;
}

/** The text with the bug in it. */
export function plantBug(text: string, bug: Bug): string {
  return text.slice(0, bug.start) + bug.text + text.slice(bug.end);
}

const wrongComparisons: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">", ">="],
  "<=": ["<", ">=", ">"],
  ">": [">=", "<", "<="],
  ">=": [">", "<=", "<"],
  "==": ["!="],
  "!=": ["=="],
  "===": ["!=="],
  "!==": ["==="],
  is: ["is not"],
  "is not": ["is"],
  in: ["not in"],
  "not in": ["in"],
};

const wrongOperators: Readonly<Record<string, readonly string[]>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "//": ["*", "/"],
  "%": ["/"],
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "/=": ["*="],
  "&&": ["||"],
  "||": ["&&"],
  and: ["or"],
  or: ["and"],
};

function entryOf(
  table: Readonly<Record<string, readonly string[]>>,
  key: string,
): readonly string[] {
  return Object.hasOwn(table, key) ? (table[key] ?? []) : [];
}

/** What a comparison is mistaken for; nothing where the operator compares nothing. */
export function comparisonsFor(operator: string): readonly string[] {
  return entryOf(wrongComparisons, operator);
}

/** What an arithmetic or logical operator is mistaken for. */
export function operatorsFor(operator: string): readonly string[] {
  return entryOf(wrongOperators, operator);
}

/** Numbers beside a number, for whole numbers of at most three digits. */
export function numbersFor(text: string): readonly string[] {
  if (!/^(0|[1-9]\d{0,2})$/.test(text)) return [];
  const value = Number(text);
  if (value === 0) return ["1"];
  return [String(value - 1), String(value + 1)];
}

/** Calls whose arguments may be given in any order, or only end up in a message. */
export function ordersArguments(callee: string): boolean {
  const name = /[\w$]+$/.exec(callee)?.[0] ?? "";
  if (/^(console|log|logger|logging|warnings)\b/.test(callee)) return false;
  return !/^(max|min|hypot|gcd|lcm|print|log|debug|warn|info|error|equal|isEqual|all|race)$/.test(
    name,
  );
}

/** Calls that hand on: what they give back is seldom used. */
export function isContinuation(callee: string): boolean {
  return /^(cb|callback|next|done|resolve|reject|fn)$/.test(/[\w$]+$/.exec(callee)?.[0] ?? "");
}

/** Longest operand that is copied over its neighbour: people copy short ones. */
export const longestOperand = 40;

/** A site with one change of `[start, end)` for each text that differs from what is written. */
export function siteOf(
  kind: BugKind,
  start: number,
  end: number,
  written: string,
  texts: readonly string[],
): BugSite[] {
  const bugs = [...new Set(texts)]
    .filter((text) => text !== written)
    .map((text) => ({ kind, start, end, text }));
  return bugs.length === 0 ? [] : [{ kind, bugs }];
}
