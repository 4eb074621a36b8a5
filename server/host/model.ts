import type { ChatMessage, HostState, ModelDescription } from "../protocol/host.ts";
import type { Token } from "../tokens/token.ts";
import type { GpuMemory } from "./gpuMemory.ts";

export type { Token };

/**
 * What is asked about the token after the last one evaluated. Nothing: only the likeliest token,
 * which is the cheapest. `tokens`: the logits of these too. `top`: the logits of the n likeliest,
 * which sorts the vocabulary (14 ms for 150,000 tokens).
 */
export interface NextQuery {
  readonly tokens?: readonly Token[];
  readonly top?: number;
}

/** The distribution of the next token, as far as it was asked for. Logits are raw. */
export interface NextTokens {
  readonly likeliest: Token;
  readonly likeliestLogProbability: number;
  /** The tokens asked for, likeliest first. */
  readonly candidates: readonly { readonly token: Token; readonly logit: number }[];
  /** Natural logarithm of the sum of `exp(logit)` over the vocabulary; subtract it from a logit. */
  readonly logNormalizer: number;
}

/** How far a text has come within a grammar. Belongs to one text of one model. */
export interface GrammarState {
  clone(): GrammarState;
}

/** One KV sequence. Calls must not overlap, on any sequence of a model. */
export interface ModelSequence {
  /** Tokens in the cache. */
  readonly length: number;
  /** How many of `tokens` from the start are in the cache. */
  sharedPrefix(tokens: readonly Token[]): number;
  /** Erases what does not agree with `tokens`; `length` tells what is left (it may be less). */
  keepPrefix(tokens: readonly Token[]): Promise<void>;
  /** Evaluates tokens without looking at the outcome. */
  append(tokens: readonly Token[]): Promise<void>;
  /** Evaluates tokens in one batch and looks at what follows the last. */
  next(tokens: readonly Token[], query: NextQuery): Promise<NextTokens>;
  /**
   * Evaluates tokens in one batch, chooses the likeliest next token that the grammar allows, and
   * moves the grammar on by it.
   */
  nextAllowed(tokens: readonly Token[], grammar: GrammarState): Promise<Token>;
  /** Evaluates tokens in one batch and looks, after each, for the tokens at its index of `wanted`. */
  score(tokens: readonly Token[], wanted: readonly (readonly Token[])[]): Promise<NextTokens[]>;
}

/** A loaded model as the host's jobs see it. */
export interface HostModel {
  readonly description: ModelDescription;
  readonly backend: Extract<HostState, { kind: "ready" }>["backend"];
  readonly modelBytes: number;
  /** How many of its layers lie on a GPU. */
  readonly layers?: { readonly gpu: number; readonly total: number };
  /** What is known at once of the GPUs' memory; absent on the CPU. */
  readonly gpuMemory?: () => GpuMemory | undefined;
  readonly threads: { readonly decode: number; readonly prefill: number };
  readonly sequences: readonly ModelSequence[];
  /** Sets how many threads the evaluations that follow use. */
  useThreads(kind: "prefill" | "decode"): void;
  /** The most tokens one batch evaluates. */
  readonly batchSize: number;
  /** Prepended to every prompt, where the model was trained so. */
  readonly beginToken: Token | undefined;
  /** User text as tokens; never yields special tokens. */
  tokenize(text: string): Token[];
  /** A conversation up to where the answer begins, as tokens; messages never yield special tokens. */
  chat(messages: readonly ChatMessage[], answerPrefix: string): Token[];
  /**
   * The beginning of a text that fits a JSON schema.
   * @throws CodedError VALIDATION_ERROR for a schema that makes no grammar.
   */
  grammar(schema: Readonly<Record<string, unknown>>): Promise<GrammarState>;
  /** The token of a special token's text; undefined when the vocabulary has no such token. */
  special(text: string): Token | undefined;
  /** The text of a token inside a text; special tokens have none. */
  textOf(token: Token): string;
  /** The text of several tokens, whose bytes may form characters only together. */
  detokenize(tokens: readonly Token[]): string;
  isEnd(token: Token): boolean;
  /** The text of every token by its index, once known; undefined until then. */
  readonly vocabulary: readonly string[] | undefined;
  /**
   * Creates the sequences anew, empty, for so many tokens each; `sequences` and `description` are
   * others afterwards. Nothing may use the old ones. Absent: it cannot.
   */
  readonly resize?: (contextSize: number) => Promise<void>;
  dispose(): Promise<void>;
}
