import { wordBefore } from "../../text/identifiers.ts";
import { isCommentLine } from "../../text/languages.ts";
import { currentLine, restOfLine } from "../../text/lines.ts";

/** A generated token as the engine reports it: its text and the natural logarithm of its probability. */
export interface ShownToken {
  readonly text: string;
  readonly logProbability: number;
}

export interface FeatureInput {
  /** The first line of the suggestion, or the shortened part of it that is judged. */
  readonly text: string;
  /** All tokens of the generation, from its start. */
  readonly tokens: readonly ShownToken[];
  readonly before: string;
  readonly after: string;
  readonly languageId: string;
  /** Whether `text` is the whole first line rather than a part of it. */
  readonly whole: boolean;
}

const LEAST_SUM = -30;
const LEAST_TOKEN = -12;

interface Facts extends FeatureInput {
  /** Log-probabilities of the tokens of `text`, with the one that ends the line when `whole`. */
  readonly logs: readonly number[];
  readonly line: string;
}

/** What the probability is computed from, by name. A curve names those it uses; new ones go at the end. */
const FEATURES: Readonly<Record<string, (facts: Facts) => number>> = {
  /** Sum of log-probabilities: the model's own logarithm of "this line and no other". */
  sumLogProbability: ({ logs }) => sum(logs),
  meanLogProbability: ({ logs }) => (logs.length === 0 ? 0 : sum(logs) / logs.length),
  minLogProbability: ({ logs }) => Math.max(LEAST_TOKEN, Math.min(0, ...logs)),
  firstLogProbability: ({ logs }) => Math.max(LEAST_TOKEN, logs[0] ?? 0),
  /** Log-odds of the model's own probability, within ±6. */
  logOdds: ({ logs }) => logOddsOf(sum(logs)),
  logTokens: ({ logs }) => Math.log1p(logs.length),
  logCharacters: ({ text }) => Math.log1p(text.length),
  whole: ({ whole }) => Number(whole),
  /** The suggestion starts below the cursor's line. */
  startsNewLine: ({ text }) => Number(/^\s*\n/.test(text)),
  /** The cursor stands in a word. */
  midWord: ({ before }) => Number(wordBefore(before) !== ""),
  /** How much of the line is typed already. */
  logTyped: ({ line }) => Math.log1p(line.trim().length),
  lineStart: ({ line }) => Number(line.trim() === ""),
  restOfLine: ({ after }) => Number(restOfLine(after).trim() !== ""),
  endsStatement: ({ text }) => Number(/[;{}:,)\]]\s*$/.test(text)),
  endsOpen: ({ text }) => Number(/[([=.+\-*/&|<>!?]\s*$/.test(text)),
  inComment: ({ line, languageId }) => Number(isCommentLine(line, languageId)),
  /** The suggestion has a literal text or number that the model must have made up. */
  literal: ({ text }) => Number(/["'`]\s*[\p{L}\p{N}]|\b\d{2,}/u.test(text)),
};

export const featureNames: readonly string[] = Object.keys(FEATURES);

/** The features' values, in the order of `featureNames`. Pure; no value is NaN or infinite. */
export function featuresOf(input: FeatureInput): number[] {
  const facts: Facts = {
    ...input,
    logs: tokensOf(input).map((token) => Math.max(LEAST_SUM, token.logProbability)),
    line: currentLine(input.before),
  };
  return Object.values(FEATURES).map((feature) => feature(facts));
}

/** The tokens that make up `text`; for a whole line also the one that ends it. */
export function tokensOf({ text, tokens, whole }: FeatureInput): readonly ShownToken[] {
  const raw = tokens.map((token) => token.text).join("");
  const start = Math.max(0, raw.indexOf(text.replaceAll("\r\n", "\n")));
  const end = start + text.replaceAll("\r\n", "\n").length;
  const own: ShownToken[] = [];
  let offset = 0;
  for (const token of tokens) {
    const next = offset + token.text.length;
    if (offset < end ? next > start : whole && offset === end) own.push(token);
    offset = next;
    if (offset > end) break;
  }
  return own;
}

function sum(values: readonly number[]): number {
  return Math.max(
    LEAST_SUM,
    values.reduce((total, value) => total + value, 0),
  );
}

function logOddsOf(logProbability: number): number {
  const probability = Math.exp(logProbability);
  return Math.max(-6, Math.min(6, Math.log(probability / Math.max(1e-9, 1 - probability))));
}
