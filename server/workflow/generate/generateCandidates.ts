import { CodedError } from "../../protocol/errors.ts";
import { askForCode } from "../ask.ts";
import { isImportsOnly } from "../importLine.ts";
import { assess, type Assessment } from "../assess.ts";
import type { Run, Try, Written } from "../run.ts";
import { repeatsTests } from "../trimAnswer.ts";
import { generateMessages } from "./generateMessages.ts";
import { longestCode, writeBase } from "./writeBase.ts";

/** After so many tries beyond the versions wanted, none of them usable, it is given up. */
const extraTries = 2;
/** How much bolder each further version is drawn. */
const temperatures = [0, 0.2, 0.4, 0.6, 0.8];

/** One usable version. */
export interface Candidate {
  readonly code: string;
  readonly assessment: Assessment;
  readonly meanLogProbability?: number;
}

export type Generated =
  /** The best first; at least one. `error`: why there are not more. */
  | {
      readonly kind: "done";
      readonly candidates: readonly Candidate[];
      readonly error?: CodedError;
    }
  /** The budget ended it before there was any. */
  | { readonly kind: "ended"; readonly why: "tokens" | "budget" }
  | { readonly kind: "failed"; readonly error: CodedError };

/**
 * Has the model write as many versions as wanted, the first its likeliest, the others drawn, and keeps
 * the usable ones: fewest syntax errors first, then the likeliest by token.
 */
export async function generateCandidates(
  run: Run,
  retried: (write: () => Promise<Written>) => Promise<Written>,
  onTry: (number: number) => void,
): Promise<Generated> {
  const wanted = run.settings.candidates;
  const candidates: Candidate[] = [];
  const problems: string[] = [];
  for (let number = 0; number < wanted + extraTries; number++) {
    if (candidates.length > 0 && number >= wanted) break;
    if (run.budget.ended() !== undefined) break;
    onTry(number);
    const written = await retried(() =>
      write(run, { ...tryOf(run, number), isFunction: problems.length > 0 }),
    );
    if (written.kind === "cancelled") break;
    if (written.kind === "outOfTokens") {
      if (candidates.length > 0) break;
      return { kind: "ended", why: "tokens" };
    }
    if (written.kind === "failed") {
      const { error } = written;
      return candidates.length > 0
        ? { kind: "done", candidates: sorted(candidates), error }
        : written;
    }
    const { code, cut, meanLogProbability } = written;
    const assessment = assess(run.syntax, run.place, code, cut);
    const problem = misses(run, code) ?? assessment.problem;
    if (problem !== undefined) {
      problems.push(problem);
      run.log.event("version not usable", { requestId: run.requestId, try: number + 1, problem });
    } else if (!candidates.some((other) => other.code === code)) {
      candidates.push({
        ...{ code, assessment },
        ...(meanLogProbability === undefined ? {} : { meanLogProbability }),
      });
    }
  }
  if (candidates.length > 0) return { kind: "done", candidates: sorted(candidates) };
  if (run.budget.ended() !== undefined) return { kind: "ended", why: "budget" };
  return { kind: "failed", error: unusable(problems) };
}

/** Why it is no answer to the task although it parses. */
function misses({ task, place }: Run, code: string): string | undefined {
  if (repeatsTests(code, task.tests)) return "it repeated the tests";
  const isWanted = /\b(?:imports?|includes?|requires?|packages?)\b/i.test(task.task);
  return !isWanted && isImportsOnly(code, place.languageId) ? "it held imports only" : undefined;
}

function write(run: Run, attempt: Try): Promise<Written> {
  return run.isInstruct
    ? askForCode(run, attempt, longestCode, (share) => generateMessages(run, share))
    : writeBase(run, attempt);
}

/** The first is the model's likeliest; each further one is drawn more boldly. */
export function tryOf({ random }: Pick<Run, "random">, number: number): Try {
  return {
    temperature: temperatures[number] ?? Math.max(...temperatures),
    seed: Math.floor(random() * 2 ** 31),
  };
}

function sorted(candidates: readonly Candidate[]): Candidate[] {
  const likelihood = ({ meanLogProbability = -Infinity }: Candidate) => meanLogProbability;
  return [...candidates].sort(
    (a, b) => a.assessment.errors - b.assessment.errors || likelihood(b) - likelihood(a) || 0,
  );
}

/** What was wrong, each once with how often. */
export function unusable(problems: readonly string[]): CodedError {
  const counts = new Map<string, number>();
  for (const problem of problems) counts.set(problem, (counts.get(problem) ?? 0) + 1);
  const listed = [...counts].map(([problem, count]) =>
    count === 1 ? problem : `${problem} (${count} times)`,
  );
  const tries = `${problems.length} ${problems.length === 1 ? "try" : "tries"}`;
  return new CodedError("PARSING_ERROR", `No usable code in ${tries}: ${listed.join("; ")}.`);
}
