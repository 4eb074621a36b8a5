import type { ModelDescription, Usage } from "../../protocol/host.ts";

/** What a cold prompt may cost: the context is chosen so that it is evaluated within this time. */
export const coldPromptMs = 1000;
const fewestTokens = 256;
const mostTokens = 4096;
/** Room for special tokens, the path and a tokenisation that differs at the seams. */
const margin = 48;
/** Budgets are taken from these alone, so that a drifting speed does not move the windows. */
const steps = [256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 32768];

/** How much text a prompt may hold, in characters. */
export interface PromptLimits {
  /** Targets when a window is made. */
  readonly prefix: number;
  readonly suffix: number;
  readonly snippets: number;
  /** A window may grow until its whole prompt is this long. */
  readonly total: number;
  /** The same in tokens, as far as characters tell. */
  readonly tokens: number;
}

/** Context budget from measured speed and measured characters per token. */
export interface Budget {
  /** Learns from a finished request: its usage and the characters of its prompt. */
  observe(usage: Usage, characters: number): void;
  /** The engine refused a prompt of so many characters as longer than its context. */
  overflowed(characters: number): void;
  limits(request: {
    readonly contextTokens: number;
    readonly maxTokens: number;
    readonly withSnippets: boolean;
  }): PromptLimits;
  /** Measured speeds in tokens per second; undefined until measured. */
  readonly speed: { readonly prefill: number | undefined; readonly decode: number | undefined };
}

/** Creates the budget of one loaded model. */
export function createBudget(model: ModelDescription, usesGpu: boolean): Budget {
  // The CPU evaluates about 1.2e11 parameters times tokens a second on two cores; a first guess only.
  const guess = ((usesGpu ? 20 : 1) * 1.2e11) / Math.max(1e6, model.parameters);
  let prefill: number | undefined;
  let decode: number | undefined;
  let charactersPerToken = 3;
  let measured = 0;
  let chosen: number | undefined;

  function speedTokens(): number {
    const wanted = clamp(((prefill ?? guess) * coldPromptMs) / 1000, fewestTokens, mostTokens);
    if (chosen === undefined || wanted > chosen * 1.7 || wanted < chosen * 0.6) {
      chosen = steps.findLast((step) => step <= wanted) ?? fewestTokens;
    }
    return chosen;
  }

  return {
    observe(usage, characters) {
      const tokens = usage.evaluatedTokens + usage.reusedTokens;
      if (tokens >= 32 && characters > 0) {
        const weight = measured < 4 ? 0.5 : 0.1;
        measured++;
        charactersPerToken += weight * (clamp(characters / tokens, 0.25, 8) - charactersPerToken);
      }
      // Small pieces are dominated by the round trip and say little about a cold prompt.
      if (usage.evaluatedTokens >= 48 && usage.prefillMs > 0) {
        prefill = blend(prefill, (usage.evaluatedTokens * 1000) / usage.prefillMs);
      }
      if (usage.generatedTokens >= 4 && usage.decodeMs > 0) {
        decode = blend(decode, (usage.generatedTokens * 1000) / usage.decodeMs);
      }
    },
    overflowed(characters) {
      const atMost = characters / Math.max(1, model.contextSize);
      charactersPerToken = Math.max(0.25, Math.min(charactersPerToken, atMost) * 0.4);
      measured = 0;
    },
    limits({ contextTokens, maxTokens, withSnippets }) {
      const room = Math.max(64, model.contextSize - maxTokens - margin);
      const wanted = Math.min(contextTokens > 0 ? contextTokens : speedTokens(), room);
      // Windows only stay put if there is room to type into: a quarter above the target.
      const total = Math.min(room, Math.round(wanted * 1.25));
      const target = Math.min(wanted, Math.round(total * 0.85));
      const snippets = withSnippets ? Math.round(target / 4) : 0;
      const suffix = Math.round((target - snippets) / 3);
      const characters = (tokens: number) => Math.floor(tokens * charactersPerToken);
      return {
        snippets: characters(snippets),
        suffix: characters(suffix),
        prefix: characters(target - snippets - suffix),
        total: characters(total),
        tokens: total,
      };
    },
    get speed() {
      return { prefill, decode };
    },
  };
}

function blend(old: number | undefined, value: number): number {
  return old === undefined ? value : old + 0.3 * (value - old);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
