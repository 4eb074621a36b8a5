import type { Syntax } from "../syntax/syntaxService.ts";
import { unmatchedBrackets } from "../text/brackets.ts";
import { isCommentLine } from "../text/languages.ts";
import { languageTraits } from "./language.ts";
import { documentWith, type CodePlace } from "./place.ts";

/** What is known of a version of the code without a model. */
export interface Assessment {
  /**
   * Syntax errors that it brings into its document; without a grammar brackets that have no partner.
   */
  readonly errors: number;
  /** Whether a grammar said so. */
  readonly isParsed: boolean;
  /** Why it is no result, as the end of a sentence. */
  readonly problem?: string;
}

/**
 * @param cut why the code may not be whole, as the end of a sentence
 */
export function assess(
  syntax: Pick<Syntax, "errorCount">,
  place: CodePlace,
  code: string,
  cut?: string,
): Assessment {
  const { languageId } = place;
  if (!holdsCode(code, languageId)) {
    const problem = code.trim() === "" ? "it was empty" : "it held comments only";
    return { errors: 0, isParsed: false, problem: cut ?? problem };
  }
  if (isWords(code, languageId)) {
    return { errors: 0, isParsed: false, problem: "it was prose, not code" };
  }
  const parsed = errorsOf(syntax, place, code);
  if (parsed !== undefined) {
    if (parsed === 0) return { errors: 0, isParsed: true };
    const problem = cut ?? `it has ${parsed} syntax ${parsed === 1 ? "error" : "errors"}`;
    return { errors: parsed, isParsed: true, problem };
  }
  const { unclosed, unopened } = unmatchedBrackets(code, languageId);
  const errors = unclosed.length + unopened.length;
  return cut !== undefined && unclosed.length > 0
    ? { errors, isParsed: false, problem: cut }
    : { errors, isParsed: false };
}

/** Errors with the code less those without it; undefined without a grammar. */
function errorsOf(syntax: Pick<Syntax, "errorCount">, place: CodePlace, code: string) {
  const { languageId } = place;
  const around = place.before.trim() !== "" || place.after.trim() !== "";
  if (around) {
    const before = syntax.errorCount(languageId, documentWith(place, ""));
    const after = syntax.errorCount(languageId, documentWith(place, code));
    if (before !== undefined && after !== undefined) return Math.max(0, after - before);
  }
  return syntax.errorCount(languageId, code);
}

function holdsCode(code: string, languageId: string): boolean {
  let isInBlock = false;
  for (const line of code.split("\n")) {
    const trimmed = line.trim();
    if (isInBlock) {
      if (trimmed.includes("*/")) isInBlock = false;
      continue;
    }
    if (trimmed.startsWith("/*") && !trimmed.includes("*/")) isInBlock = true;
    else if (trimmed !== "" && !isCommentLine(line, languageId)) return true;
  }
  return false;
}

/** Words that end as a sentence does, or begin as an answer does; and what only code holds. */
const sentence =
  /^(?:[-*\d.]+\s+)?["'(]?\p{L}[\p{L}'’-]*(?:[\s,]+["'(]?[\p{L}\p{N}'’`*-]+[)"',:]?){2,}[.!?:]$/u;
const opening = /^(?:I|I'm|Sorry|Sure|Certainly|Of course|Here|As an|Unfortunately)[\s,!.]/;
const codeMark = /[;{}=<>[\]|&]|\)\s*$|\w\(|^\s*[#/@]|::|->/;

/** Whether an answer is made of sentences: most of its lines are, or its only one. */
function isWords(code: string, languageId: string): boolean {
  if (languageTraits(languageId).isProse) return false;
  const lines = code.split("\n").filter((line) => line.trim() !== "");
  const words = lines.filter((line) => {
    const trimmed = line.trim();
    return (sentence.test(trimmed) || opening.test(trimmed)) && !codeMark.test(line);
  });
  return words.length * 2 > lines.length;
}
