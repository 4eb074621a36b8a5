import type { Token } from "./token.ts";

/**
 * Work that asks for the tokens of texts as it goes: the host answers at once, a remote engine asks
 * its server for those of many such works together.
 */
export type Tokenizing<Result> = Generator<string, Result, readonly Token[]>;

/** Does the work with a tokeniser that answers at once. */
export function withTokens<Result>(
  work: Tokenizing<Result>,
  tokenize: (text: string) => readonly Token[],
): Result {
  let step = work.next();
  while (step.done !== true) step = work.next(tokenize(step.value));
  return step.value;
}

/**
 * Does many works together, with one call for all texts that they ask for at a time, each text once.
 * @param tokenize tokens of texts, in their order
 */
export async function withBatches<Result>(
  works: readonly Tokenizing<Result>[],
  tokenize: (texts: readonly string[]) => Promise<readonly (readonly Token[])[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  const known = new Map<string, readonly Token[]>();
  let asking = works.map((work, index) => ({ work, index, step: work.next() }));
  for (;;) {
    const waiting: { readonly work: Tokenizing<Result>; index: number; text: string }[] = [];
    for (const { work, index, step: first } of asking) {
      let step = first;
      let tokens: readonly Token[] | undefined;
      while (step.done !== true && (tokens = known.get(step.value)) !== undefined) {
        step = work.next(tokens);
      }
      if (step.done === true) results[index] = step.value;
      else waiting.push({ work, index, text: step.value });
    }
    if (waiting.length === 0) return results;
    const texts = [...new Set(waiting.map(({ text }) => text))];
    const found = await tokenize(texts);
    for (const [index, text] of texts.entries()) known.set(text, found[index] ?? []);
    asking = waiting.map(({ work, index, text }) => {
      return { work, index, step: work.next(known.get(text) ?? []) };
    });
  }
}
