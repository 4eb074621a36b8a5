import type { NextQuery, NextTokens, Token } from "./model.ts";

/** What healing needs of a model. */
export interface HealingVocabulary {
  readonly vocabulary: readonly string[] | undefined;
  textOf(token: Token): string;
}

/** More logits than this are found sooner by sorting the vocabulary than one by one. */
const maxAskedTokens = 128;
const topWhenSorting = 512;

/** What to ask of the model to choose a token that spells `rest`, or its beginning, or goes on past it. */
export function healingQuery(model: HealingVocabulary, rest: string): NextQuery {
  const texts = model.vocabulary;
  if (texts === undefined) return { top: topWhenSorting };
  const tokens: Token[] = [];
  const first = rest.charCodeAt(0);
  for (const [token, text] of texts.entries()) {
    if (text.charCodeAt(0) !== first || !compatible(text, rest)) continue;
    tokens.push(token);
    if (tokens.length > maxAskedTokens) return { top: topWhenSorting };
  }
  return { tokens };
}

/** The likeliest token compatible with `rest`; undefined when none of those asked for is. */
export function healingToken(
  model: HealingVocabulary,
  rest: string,
  next: NextTokens,
): { token: Token; text: string; logProbability: number } | undefined {
  for (const { token, logit } of next.candidates) {
    const text = model.textOf(token);
    if (compatible(text, rest)) return { token, text, logProbability: logit - next.logNormalizer };
  }
  return undefined;
}

function compatible(text: string, rest: string): boolean {
  if (text === "" || text.includes("\uFFFD")) return false;
  return text.length <= rest.length ? rest.startsWith(text) : text.startsWith(rest);
}
