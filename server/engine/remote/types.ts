import type { Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import type { ChatEngine, Engine, EngineOutcome } from "../engine.ts";
import type { Logger } from "../../logs/logger.ts";
import type { EndpointKind } from "../../protocol/endpoints.ts";
import type { PromptPart, Usage } from "../../protocol/host.ts";

/** One entry of `starcoder.remote.endpoints`, with its key. */
export interface RemoteEndpoint {
  /** As the setting has it; requests go to paths below it. */
  readonly url: string;
  /** What people call it. */
  readonly name: string;
  /** Bearer key; sent over TLS or to this machine only. */
  readonly key?: string;
  /** The model to ask for; absent: the one that the server lists first. */
  readonly model?: string;
}

export interface RemoteEngineOptions {
  readonly endpoint: RemoteEndpoint;
  /** Carries requests: proxies, authorities, the time to connect. Not closed by the engine. */
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** The most milliseconds that a first token, or any other answer, may take. */
  readonly timeoutMs: () => number;
}

/**
 * An engine behind an address. `start` probes it; while it cannot be reached the state is
 * `restarting`, and it is probed again by itself with growing pauses. Failures that only a setting
 * can mend (key, model, no completions server, no fill-in-the-middle) are `failed`.
 */
export interface RemoteEngine extends Engine, ChatEngine {
  readonly endpoint: RemoteEndpoint;
  /** What it speaks; undefined until it was probed. */
  readonly kind: EndpointKind | undefined;
  /** What it cannot do, as sentences for people. */
  readonly limits: readonly string[];
  /** Asks it whether it is well, at the cost of one small request; `done` where it is. */
  check(signal: AbortSignal): Promise<EngineOutcome<undefined>>;
}

/** A token of a prompt and how likely the server found it. */
export interface PromptToken {
  readonly id: number;
  readonly text: string;
  /** Absent for the first token, of which nothing is known. */
  readonly logProbability?: number;
  /** The likeliest tokens at this place, best first; the token itself may be among them. */
  readonly top: readonly {
    readonly id: number;
    readonly text: string;
    readonly logProbability: number;
  }[];
}

/** Servers that tell how likely the tokens of a prompt are. */
export interface PromptScorer {
  /** Token ids of texts, as plain text. */
  tokenize(texts: readonly string[], signal: AbortSignal): Promise<EngineOutcome<number[][]>>;
  /**
   * A prompt as token ids: special tokens by lookup (VALIDATION_ERROR for one that the vocabulary
   * lacks), text as plain text, and before all the token that begins every text, where the model was
   * trained so. Without parts: that token alone, or none.
   */
  promptTokens(parts: readonly PromptPart[], signal: AbortSignal): Promise<EngineOutcome<number[]>>;
  /** @param top how many likeliest tokens are wanted at each place */
  scorePrompt(
    tokens: readonly number[],
    top: number,
    signal: AbortSignal,
  ): Promise<EngineOutcome<{ readonly tokens: readonly PromptToken[]; readonly usage: Usage }>>;
}
