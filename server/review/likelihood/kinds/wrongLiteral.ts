import type { Literal } from "../../../syntax/reading.ts";
import type { CodeView } from "../codeView.ts";
import type { EditKind, Proposal } from "../proposal.ts";
import { replaceToken, unlikelyHere } from "./replaceToken.ts";

const rule = "starcoder/wrong-literal";

/** Numbers past this are sizes and codes, which are not off by one. */
const LARGEST = 255;

const OPPOSITES: Readonly<Record<string, string>> = {
  true: "false",
  false: "true",
  True: "False",
  False: "True",
};

/** Another number or truth value is much likelier. */
export const wrongLiteral: EditKind = {
  rule,
  propose: (code) => code.reading.literals.flatMap((literal, i) => others(code, literal, i)),
  message: unlikelyHere,
};

function others(code: CodeView, literal: Literal, index: number): Proposal[] {
  if (literal.kind === "string" || literal.kind === "null" || !code.isReviewed(literal)) return [];
  const replace = (text: string): Proposal => replaceToken(code, rule, literal, text);
  if (literal.kind === "boolean") {
    const opposite = OPPOSITES[literal.text];
    return opposite === undefined ? [] : [replace(opposite)];
  }
  if (!/^(?:0|[1-9]\d*)$/.test(literal.text) || isInTable(code, index)) return [];
  const value = Number(literal.text);
  if (value > LARGEST) return [];
  const near = value === 0 ? [1] : [value - 1, value + 1];
  return near.map((other) => replace(String(other)));
}

/** Whether a literal has neighbours that only a comma separates: a table of numbers. */
function isInTable(code: CodeView, index: number): boolean {
  const { literals } = code.reading;
  const joined = (i: number): boolean => {
    const [a, b] = [literals[i], literals[i + 1]];
    return a !== undefined && b !== undefined && /^\s*,\s*$/.test(code.text.slice(a.end, b.start));
  };
  const run = [-3, -2, -1, 0, 1, 2].map((step) => Number(joined(index + step)));
  return /111/.test(run.join(""));
}
