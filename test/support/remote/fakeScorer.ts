import type { EngineOutcome } from "../../../server/engine/engine.ts";
import type { PromptScorer, PromptToken } from "../../../server/engine/remote/types.ts";
import { promptTokens } from "../../../server/host/promptTokens.ts";
import type { HostModel, Token } from "../../../server/host/model.ts";
import { toCodedError } from "../../../server/protocol/errors.ts";

/** A server over a model of the host's kind, which tells no more likeliest tokens than it is let. */
export interface FakeScorer extends PromptScorer {
  /** Texts of the prompts that were scored. */
  readonly prompts: string[];
  /** How many requests for tokens there were, and the most prompts that were read at once. */
  readonly counts: { tokenize: number; atOnce: number };
}

type Scored = Awaited<ReturnType<PromptScorer["scorePrompt"]>>;

export interface FakeScorerOptions {
  readonly mostTop?: number;
  /** Called at each prompt; what it returns settles the request instead. */
  readonly onScore?: (tokens: readonly Token[]) => Scored | undefined;
}

export function fakeScorer(model: HostModel, options: FakeScorerOptions = {}): FakeScorer {
  const { mostTop = 20 } = options;
  const prompts: string[] = [];
  const counts = { tokenize: 0, atOnce: 0 };
  let running = 0;
  let turn: Promise<unknown> = Promise.resolve();

  async function score(tokens: readonly Token[], top: number): Promise<PromptToken[]> {
    const [sequence] = model.sequences;
    if (sequence === undefined) throw new Error("The model has no sequence.");
    await sequence.keepPrefix([]);
    const found: PromptToken[] = [];
    for (const [index, id] of tokens.entries()) {
      const text = model.textOf(id);
      if (index === 0) {
        found.push({ id, text, top: [] });
        continue;
      }
      const count = model.description.vocabularySize;
      const next = await sequence.next(tokens.slice(index - 1, index), { top: count });
      const all = next.candidates.map(({ token, logit }) => ({
        ...{ id: token, text: model.textOf(token), logProbability: logit - next.logNormalizer },
      }));
      const own = all.find((each) => each.id === id);
      found.push({
        ...{ id, text, top: all.slice(0, Math.min(top, mostTop)) },
        ...(own === undefined ? {} : { logProbability: own.logProbability }),
      });
    }
    return found;
  }

  function settled<Value>(signal: AbortSignal, run: () => Value): EngineOutcome<Value> {
    if (signal.aborted) return { kind: "cancelled" };
    try {
      return { kind: "done", value: run() };
    } catch (thrown) {
      return { kind: "failed", error: toCodedError(thrown) };
    }
  }

  return {
    prompts,
    counts,
    tokenize(texts, signal) {
      counts.tokenize += 1;
      return Promise.resolve(settled(signal, () => texts.map((text) => model.tokenize(text))));
    },
    promptTokens(parts, signal) {
      const begin = model.beginToken === undefined ? [] : [model.beginToken];
      const tokens = () => (parts.length === 0 ? begin : promptTokens(model, parts, 0));
      return Promise.resolve(settled(signal, tokens));
    },
    async scorePrompt(tokens, top, signal): Promise<Scored> {
      const instead = options.onScore?.(tokens);
      if (instead !== undefined) return instead;
      running += 1;
      counts.atOnce = Math.max(counts.atOnce, running);
      // One after the other: the model has one cache.
      const found = turn.then(() => score(tokens, top));
      turn = found;
      const scored = await found.finally(() => (running -= 1));
      if (signal.aborted) return { kind: "cancelled" };
      prompts.push(model.detokenize(tokens));
      const times = { queueMs: 0, prefillMs: 1, decodeMs: 0 };
      const usage = { evaluatedTokens: tokens.length, reusedTokens: 0, generatedTokens: 1 };
      return { kind: "done", value: { tokens: scored, usage: { ...times, ...usage } } };
    },
  };
}
