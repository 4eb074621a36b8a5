import type * as NodeLlamaCpp from "node-llama-cpp";
import type { LlamaContextSequence, Token as LlamaToken } from "node-llama-cpp";
import type { ModelSequence, NextQuery, NextTokens } from "./model.ts";

/** Greedy leaves the logits as they are and needs no sorted vocabulary. */
const greedy = { temperature: 0 };

/** One of the engine's sequences as the host's jobs see it. */
export function wrapSequence(
  binding: Pick<typeof NodeLlamaCpp, "LlamaGrammarEvaluationState">,
  sequence: LlamaContextSequence,
): ModelSequence {
  const look = (query: NextQuery) => ({
    generateNext: {
      token: true,
      totalLogitWeight: true,
      options: greedy,
      ...(query.top === undefined && query.tokens === undefined
        ? {}
        : {
            logits: {
              filter: {
                tokens: (query.tokens ?? []) as LlamaToken[],
                includeTop: query.top ?? 0,
                includeSelected: query.top === undefined,
              },
            },
          }),
    },
  });
  return {
    get length() {
      return sequence.nextTokenIndex;
    },
    sharedPrefix: (tokens) =>
      sequence.compareContextTokens(tokens as LlamaToken[]).firstDifferentIndex,
    keepPrefix: (tokens) => sequence.adaptStateToTokens(tokens as LlamaToken[], false),
    append: (tokens) => sequence.evaluateWithoutGeneratingNewTokens(tokens as LlamaToken[]),
    async next(tokens, query) {
      const input = tokens.map((token, index) =>
        index === tokens.length - 1
          ? ([token as LlamaToken, look(query)] as [LlamaToken, ReturnType<typeof look>])
          : (token as LlamaToken),
      );
      const output = await sequence.controlledEvaluate(input);
      return nextTokens(output.at(-1)?.next);
    },
    async nextAllowed(tokens, grammar) {
      if (!(grammar instanceof binding.LlamaGrammarEvaluationState)) {
        throw new Error("The grammar is another model's.");
      }
      const generation = sequence.evaluate(tokens as LlamaToken[], {
        ...greedy,
        grammarEvaluationState: grammar,
        yieldEogToken: true,
      });
      const { value } = await generation.next();
      await generation.return();
      if (value === undefined) throw new Error("The model gave no next token.");
      return value;
    },
    async score(tokens, wanted) {
      const input = tokens.map((token, index): [LlamaToken, ReturnType<typeof look>] => [
        token as LlamaToken,
        look({ tokens: wanted[index] ?? [] }),
      ]);
      const output = await sequence.controlledEvaluate(input);
      return output.map((item) => nextTokens(item?.next));
    },
  };
}

type EvaluatedNext = NonNullable<
  Awaited<ReturnType<LlamaContextSequence["controlledEvaluate"]>>[number]
>["next"];

function nextTokens(next: EvaluatedNext | undefined): NextTokens {
  if (next?.token == null || next.totalLogitWeight === undefined) {
    throw new Error("The model gave no next token.");
  }
  const candidates = [...(next.logits ?? [])].map(([token, logit]) => ({ token, logit }));
  const likeliestLogProbability = -Math.log(next.totalLogitWeight);
  const highest = candidates[0]?.logit ?? 0;
  return {
    likeliest: next.token,
    likeliestLogProbability,
    candidates,
    logNormalizer: highest - likeliestLogProbability,
  };
}
