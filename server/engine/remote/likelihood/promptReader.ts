import { each } from "../each.ts";
import { CodedError, toCodedError } from "../../../protocol/errors.ts";
import type { PromptPart, Usage } from "../../../protocol/host.ts";
import type { Token } from "../../../tokens/token.ts";
import type { EngineOutcome } from "../../engine.ts";
import type { PromptScorer, PromptToken } from "../types.ts";

/** Texts read last, as a review asks about the same one several times. */
const mostKept = 4;

/** One piece of work on a server. What fails or is cancelled in it ends it by a throw. */
export interface PromptJob {
  tokenize(texts: readonly string[]): Promise<number[][]>;
  promptTokens(parts: readonly PromptPart[]): Promise<number[]>;
  /** @throws CodedError CONTEXT_OVERFLOW where so many tokens do not fit. */
  checkLength(tokens: number): void;
  /**
   * A prompt's tokens with their probabilities.
   * @param top how many likeliest tokens are wanted at each place
   * @param kept whether it may be remembered, and be from memory
   */
  read(tokens: readonly Token[], top: number, kept: boolean): Promise<readonly PromptToken[]>;
  /** Does something for each, a few at a time; the results in their order. */
  each<Item, Result>(
    items: readonly Item[],
    work: (item: Item) => Promise<Result>,
  ): Promise<Result[]>;
  /** What it cost so far. Times are by this machine's clock: requests overlap. */
  usage(): Usage;
}

/** Ends a job whose signal was aborted. */
class Cancelled extends Error {}

/** Runs jobs over a scorer and settles them as an engine does. */
export function createPromptReader(
  scorer: PromptScorer,
  { contextSize, now }: { readonly contextSize: number; readonly now: () => number },
) {
  let kept: { readonly key: string; readonly tokens: readonly PromptToken[] }[] = [];

  function createJob(signal: AbortSignal, startedAt: number): PromptJob {
    let [evaluatedTokens, reusedTokens, generatedTokens] = [0, 0, 0];
    const usage = (): Usage => ({
      ...{ queueMs: 0, prefillMs: now() - startedAt, decodeMs: 0 },
      ...{ evaluatedTokens, reusedTokens, generatedTokens },
    });

    async function ask<Value>(
      request: (signal: AbortSignal) => Promise<EngineOutcome<Value>>,
    ): Promise<Value> {
      if (signal.aborted) throw new Cancelled();
      const outcome = await request(signal);
      if (outcome.kind === "done") return outcome.value;
      throw outcome.kind === "failed" ? outcome.error : new Cancelled();
    }

    async function score(tokens: readonly Token[], top: number): Promise<readonly PromptToken[]> {
      const found = await ask((own) => scorer.scorePrompt(tokens, top, own));
      evaluatedTokens += found.usage.evaluatedTokens;
      reusedTokens += found.usage.reusedTokens;
      generatedTokens += found.usage.generatedTokens;
      if (found.tokens.every(({ id }, index) => id === tokens[index])) {
        if (found.tokens.length === tokens.length) return found.tokens;
      }
      throw new CodedError("ENDPOINT_PROTOCOL", "The server scored other tokens than it was sent.");
    }

    return {
      tokenize: (texts) =>
        texts.length === 0 ? Promise.resolve([]) : ask((own) => scorer.tokenize(texts, own)),
      promptTokens: (parts) => ask((own) => scorer.promptTokens(parts, own)),
      checkLength(tokens) {
        // The server evaluates one token more: it cannot but generate one.
        if (tokens < contextSize) return;
        const detail = `${tokens} tokens do not fit into ${contextSize - 1}.`;
        throw new CodedError("CONTEXT_OVERFLOW", detail);
      },
      async read(tokens, top, mayKeep) {
        const key = `${top}:${tokens.join(",")}`;
        const known = mayKeep ? kept.find((each) => each.key === key) : undefined;
        if (known !== undefined) return known.tokens;
        const found = await score(tokens, top);
        if (mayKeep) kept = [{ key, tokens: found }, ...kept].slice(0, mostKept);
        return found;
      },
      each,
      usage,
    };
  }

  return {
    /** Runs a job to its end; the first failure ends what else of it is on its way. */
    async settle<Value>(
      signal: AbortSignal,
      run: (job: PromptJob) => Promise<Value>,
    ): Promise<EngineOutcome<Value>> {
      const own = new AbortController();
      const job = createJob(AbortSignal.any([signal, own.signal]), now());
      try {
        const value = await run(job);
        return signal.aborted ? { kind: "cancelled", usage: job.usage() } : { kind: "done", value };
      } catch (thrown) {
        return thrown instanceof Cancelled || signal.aborted
          ? { kind: "cancelled", usage: job.usage() }
          : { kind: "failed", error: toCodedError(thrown) };
      } finally {
        own.abort();
      }
    },
  };
}
