import type { CodedError } from "../../protocol/errors.ts";
import { matchLines } from "../../review/lineDiff.ts";
import { hashLines, linesOf } from "../../review/lines.ts";
import { askForCode } from "../ask.ts";
import { assess } from "../assess.ts";
import { tryOf, unusable } from "../generate/generateCandidates.ts";
import { countTokens } from "../room.ts";
import type { Run, Written } from "../run.ts";
import type { Revision } from "./applyFixes.ts";
import { reviseMessages, type ReviseQuestion } from "./reviseMessages.ts";

/** A model that gave nothing usable is asked once more, more boldly. */
const mostTries = 2;
/** Tokens that a revision may be longer than what it starts from. */
const extraTokens = 512;

export type AskedRevision =
  | { readonly kind: "done"; readonly revision: Revision }
  /** It answered nothing that could be used, or the same again. */
  | { readonly kind: "none"; readonly error: CodedError }
  | { readonly kind: "ended"; readonly why: "tokens" | "budget" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** Asks an instruction-tuned model for a better version. */
export async function askRevision(
  run: Run,
  question: ReviseQuestion,
  retried: (write: () => Promise<Written>) => Promise<Written>,
): Promise<AskedRevision> {
  const { syntax, place, budget } = run;
  const before = assess(syntax, place, question.code);
  const wanted = (await countTokens(run.engine, [question.code])) + extraTokens;
  const problems: string[] = [];
  for (let number = 0; number < mostTries && budget.ended() === undefined; number++) {
    const attempt = tryOf(run, number);
    const written = await retried(() =>
      askForCode(run, attempt, wanted, (share) => reviseMessages(run, question, share)),
    );
    if (written.kind === "failed") return written;
    if (written.kind === "outOfTokens") return { kind: "ended", why: "tokens" };
    if (written.kind === "cancelled") return { kind: "ended", why: "budget" };
    const { code, cut } = written;
    const { errors, problem } = assess(syntax, place, code, cut);
    const isNoWorse =
      problem === undefined || (cut === undefined && errors > 0 && errors <= before.errors);
    const isSame = code.trim() === question.code.trim();
    if (isNoWorse && code.trim() !== "" && !isSame) {
      return { kind: "done", revision: { code, changes: [summaryOf(question.code, code)] } };
    }
    problems.push(isSame ? "it changed nothing" : (problem ?? "it was empty"));
  }
  if (budget.ended() !== undefined) return { kind: "ended", why: "budget" };
  return { kind: "none", error: unusable(problems) };
}

function summaryOf(before: string, after: string): string {
  const hashes = (code: string) => hashLines(linesOf(code.trimEnd()));
  const { oldOf, newOf } = matchLines(hashes(before), hashes(after));
  const added = oldOf.filter((line) => line === -1).length;
  const removed = newOf.filter((line) => line === -1).length;
  return `Written anew by the model: ${count(added)} added, ${count(removed)} removed.`;
}

function count(lines: number): string {
  return `${lines} ${lines === 1 ? "line" : "lines"}`;
}
