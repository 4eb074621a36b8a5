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
 * @param tokenize tokens of texts in their order; undefined: given up, and so is this.
 */
export async function withBatches<Result>(
  works: readonly Tokenizing<Result>[],
  tokenize: (texts: readonly string[]) => Promise<readonly (readonly Token[])[] | undefined>,
): Promise<Result[] | undefined> {
  const results = new Map<number, Result>();
  const known = new Map<string, readonly Token[]>();
  let waiting = works.map((work, index) => ({ work, index, step: work.next() }));
  for (;;) {
    const asking: { readonly work: Tokenizing<Result>; index: number; text: string }[] = [];
    for (const { work, index, step: first } of waiting) {
      let step = first;
      for (;;) {
        if (step.done === true) {
          results.set(index, step.value);
          break;
        }
        const tokens = known.get(step.value);
        if (tokens === undefined) {
          asking.push({ work, index, text: step.value });
          break;
        }
        step = work.next(tokens);
      }
    }
    if (asking.length === 0) return works.flatMap((_, index) => results.get(index) as Result);
    const texts = [...new Set(asking.map(({ text }) => text))];
    const found = await tokenize(texts);
    if (found === undefined) return undefined;
    for (const [index, text] of texts.entries()) known.set(text, found[index] ?? []);
    waiting = asking.map(({ work, index, text }) => ({
      ...{ work, index },
      step: work.next(known.get(text) ?? []),
    }));
  }
}
