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

/**
 * The likeliest token compatible with `rest`; undefined when none of those asked for is. Its
 * probability is that among the compatible ones: what is typed already is no longer in question,
 * and this tells best whether what follows is right.
 */
export function healingToken(
  model: HealingVocabulary,
  rest: string,
  next: NextTokens,
): { token: Token; text: string; logProbability: number } | undefined {
  const found = next.candidates.flatMap(({ token, logit }) => {
    const text = model.textOf(token);
    return compatible(text, rest) ? [{ token, text, logit }] : [];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  const best = found.reduce((a, b) => (b.logit > a.logit ? b : a), first);
  const weight = found.reduce((sum, { logit }) => sum + Math.exp(logit - best.logit), 0);
  return { token: best.token, text: best.text, logProbability: -Math.log(weight) };
}

function compatible(text: string, rest: string): boolean {
  if (text === "" || text.includes("\uFFFD")) return false;
  return text.length <= rest.length ? rest.startsWith(text) : text.startsWith(rest);
}
