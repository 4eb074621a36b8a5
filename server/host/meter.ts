import { noUsage, type Usage } from "../protocol/host.ts";
import type { ChunkKind, SpeedMeter, StepBudget } from "./chunks.ts";

/** Milliseconds that only grow; injected so that tests own it. */
export type Now = () => number;

/** Counts where one request's time goes. */
export interface UsageMeter {
  /** The first step begins: what came before was waiting. */
  start(reusedTokens: number): void;
  /** How many tokens the next step may evaluate. */
  chunkSize(kind: ChunkKind): number;
  /** Runs one evaluation of prompt tokens. */
  prefill<Value>(tokens: number, evaluate: () => Promise<Value>): Promise<Value>;
  /** The same for tokens that are looked at one by one, which says little of the plain speed. */
  score<Value>(tokens: number, evaluate: () => Promise<Value>): Promise<Value>;
  /** Runs one evaluation that yields a token. */
  decode<Value>(evaluate: () => Promise<Value>): Promise<Value>;
  usage(): Usage;
}

/**
 * Created when the request arrives: queue time counts from here.
 * @param budget how large the request's next step may be.
 */
export function createUsageMeter(
  now: Now,
  speed: SpeedMeter,
  budget: () => StepBudget,
): UsageMeter {
  const arrived = now();
  const usage: Usage = { ...noUsage };
  let started = false;
  async function evaluatePrompt<Value>(
    tokens: number,
    evaluate: () => Promise<Value>,
  ): Promise<[Value, number]> {
    const before = now();
    const value = await evaluate();
    const spent = now() - before;
    usage.prefillMs += spent;
    usage.evaluatedTokens += tokens;
    return [value, spent];
  }
  return {
    start(reusedTokens) {
      if (started) return;
      started = true;
      usage.queueMs = now() - arrived;
      usage.reusedTokens = reusedTokens;
    },
    chunkSize: (kind) => speed.chunkSize(kind, budget()),
    async prefill(tokens, evaluate) {
      const [value, spent] = await evaluatePrompt(tokens, evaluate);
      speed.addPrefill(tokens, spent);
      return value;
    },
    async score(tokens, evaluate) {
      const [value, spent] = await evaluatePrompt(tokens, evaluate);
      speed.addLooked(tokens, spent);
      return value;
    },
    async decode(evaluate) {
      const before = now();
      const value = await evaluate();
      const spent = now() - before;
      usage.decodeMs += spent;
      usage.generatedTokens += 1;
      speed.addDecode(spent);
      return value;
    },
    usage: () => ({ ...usage, queueMs: started ? usage.queueMs : now() - arrived }),
  };
}
