import type { CompletionRequest, SyntaxService } from "../types.ts";
import type { Curve } from "./curves.ts";
import type { ShownToken } from "./features.ts";
import { createParseCheck } from "./parsesNoWorse.ts";
import { probabilityOf } from "./probability.ts";
import { partsOf } from "./shorten.ts";

/** Setting that leaves the threshold to the curve. */
export const CURVES_OWN_THRESHOLD = -1;

/** Parts that are parsed before giving up; bounds the time of a request. */
const MOST_PARSED = 3;

export interface GateQuery {
  /** The suggestion, stopped and postprocessed; "" stays "". */
  readonly text: string;
  /** All tokens of the generation. */
  readonly tokens: readonly ShownToken[];
  readonly before: string;
  readonly after: string;
  readonly languageId: string;
  readonly syntax: Pick<SyntaxService, "errorCount">;
  readonly curve: Curve;
  /** Least probability shown unasked, 0 to 1; below 0: the curve's own. */
  readonly threshold: number;
  readonly trigger: CompletionRequest["trigger"];
  /** Told why, where somebody asks. */
  readonly onJudged?: (judged: Judged) => void;
}

/** Why a suggestion is shown, shortened or kept back. */
export interface Judged {
  /** Of the first line, by the curve. */
  readonly probability: number;
  readonly threshold: number;
  readonly partThreshold: number;
  /** Family and parameters of the models that the curve was fitted on, where that is known. */
  readonly curve: string | undefined;
  readonly text: string;
  /** "" where nothing passed. */
  readonly shown: string;
  /** False: something was sure enough, and left the code with more syntax errors. */
  readonly parses: boolean;
  readonly trigger: CompletionRequest["trigger"];
}

export interface Gated {
  /** What to show: the text, a part of it, or "". */
  readonly text: string;
  /** Calibrated probability that the first line shown (that of `text` where nothing is) is right. */
  readonly probability: number;
}

/**
 * Decides what of a suggestion is worth showing: what is right with at least the threshold's probability and
 * leaves the code parsing no worse. An invoked request always gets all of it.
 */
export function gate(query: GateQuery): Gated {
  const { text, onJudged } = query;
  let parses = true;
  const gated = decide(query, () => (parses = false));
  if (onJudged !== undefined && text !== "") {
    const first = firstLineOf(text);
    const whole = { ...query, text: first, whole: true };
    onJudged({
      ...{ text, shown: gated.text, parses, trigger: query.trigger },
      probability: probabilityOf(whole, query.curve),
      threshold: thresholdOf(query),
      partThreshold: partThresholdOf(query),
      curve: nameOf(query.curve),
    });
  }
  return gated;
}

function thresholdOf({ threshold, curve }: GateQuery): number {
  return threshold < 0 ? curve.threshold : threshold;
}

function partThresholdOf(query: GateQuery): number {
  const threshold = thresholdOf(query);
  return Math.max(threshold, query.curve.partThreshold ?? threshold);
}

function nameOf(curve: Curve & { readonly family?: unknown; readonly parameters?: unknown }) {
  const { family, parameters } = curve;
  if (typeof family !== "string" || typeof parameters !== "number") return undefined;
  return `${family}, ${(parameters / 1e6).toFixed(0)} million parameters`;
}

function decide(query: GateQuery, onUnsound: () => void): Gated {
  const { text, tokens, curve, trigger } = query;
  if (text === "") return { text: "", probability: 0 };
  const threshold = thresholdOf(query);
  const first = firstLineOf(text);
  const judge = (part: string, before = query.before): number =>
    probabilityOf({ ...query, text: part, before, whole: part === first }, curve);
  const probability = judge(first);
  if (trigger === "invoked") return { text, probability };

  const parses = createParseCheck(query);
  let parsed = 0;
  const passes = (part: string): boolean => {
    if (parsed++ < MOST_PARSED && parses(part)) return true;
    onUnsound();
    return false;
  };
  if (probability >= threshold) {
    const lines = passingLines(query, first, threshold);
    if (passes(lines)) return { text: lines, probability };
    if (lines !== first && passes(first)) return { text: first, probability };
  }
  const partThreshold = partThresholdOf(query);
  for (const part of partsOf(first, tokens)) {
    const likely = judge(part);
    if (likely >= partThreshold && passes(part)) return { text: part, probability: likely };
  }
  return { text: "", probability };
}

/** The first line with the line breaks before it, without the one after it. */
function firstLineOf(text: string): string {
  return /^\s*[^\r\n]*/.exec(text)?.[0] ?? text;
}

/** The first line and those after it that pass on their own, each judged as if those above were accepted. */
function passingLines(
  { text, tokens, ...query }: GateQuery,
  first: string,
  threshold: number,
): string {
  let shown = first;
  while (shown.length < text.length) {
    const next = /^(?:\r?\n)+[^\r\n]*/.exec(text.slice(shown.length))?.[0];
    if (next === undefined) return shown;
    const line = next.replace(/^[\r\n]+/, "");
    const own = tokensAfter(tokens, shown);
    const likely = probabilityOf(
      { ...query, text: line, tokens: own, before: "\n", whole: true },
      query.curve,
    );
    // A bracket alone is the consequence of what stands above it.
    if (likely < threshold && /[\p{L}\p{N}]/u.test(line)) return shown;
    shown += next;
  }
  return shown;
}

function tokensAfter(tokens: readonly ShownToken[], shown: string): readonly ShownToken[] {
  const raw = tokens.map((token) => token.text).join("");
  const text = shown.replaceAll("\r\n", "\n");
  const end = Math.max(0, raw.indexOf(text)) + text.length;
  let offset = 0;
  const first = tokens.findIndex((token) => (offset += token.text.length) > end + 1);
  return first < 0 ? [] : tokens.slice(first);
}
