import type { EndpointKind } from "../../../protocol/endpoints.ts";
import type { ModelDescription, PromptPart, Sampling, Usage } from "../../../protocol/host.ts";
import type { PromptScorer } from "../types.ts";

/** What is to be generated, for every server alike. */
export interface Wanted {
  readonly prompt: readonly PromptPart[];
  /** What the output must begin with; not counted in `maxTokens`. */
  readonly heal: string;
  /** 0: the prompt is only evaluated; servers that cannot do that generate one token. */
  readonly maxTokens: number;
  readonly sampling: Sampling;
  /** Special tokens, by text, that end the output. */
  readonly stopTokens: readonly string[];
}

/** One of the likeliest tokens at a place. */
export interface Likely {
  readonly text: string;
  readonly logProbability: number;
}

/** What one event of a stream says. */
export type StreamItem =
  | {
      readonly kind: "token";
      /** Whole characters; empty while one is incomplete. */
      readonly text: string;
      /** Absent where the server does not tell. */
      readonly logProbability?: number;
      readonly top?: readonly Likely[];
    }
  /** What the server counted and timed so far. */
  | { readonly kind: "usage"; readonly usage: Partial<Usage> }
  /** One of the tokens that end the output; nothing that follows counts. */
  | { readonly kind: "stopToken" }
  /** The server's last word. */
  | { readonly kind: "end"; readonly finish: "stop" | "length" };

/** A request as a server wants it, and how its stream is read. */
export interface StreamPlan {
  readonly path: string;
  readonly body: object;
  /** @throws CodedError where an event is none, or tells of a failure */
  readonly read: (data: string) => readonly StreamItem[];
}

/** What one server speaks, for one model of it. */
export interface Dialect {
  readonly kind: EndpointKind;
  /** What requests call the model. */
  readonly modelId: string;
  readonly model: ModelDescription;
  /** What it cannot do, as sentences for people. */
  readonly limits: readonly string[];
  /** Turns what is wanted into a request; throws CodedErrors. */
  plan(wanted: Wanted, signal: AbortSignal): Promise<StreamPlan>;
  /** Where it is asked whether it is well. */
  readonly healthPath: string;
  /** Token ids of texts as plain text; absent where the server has no tokenizer. Throws CodedErrors. */
  readonly tokenize?: (texts: readonly string[], signal: AbortSignal) => Promise<number[][]>;
  /** Absent where the server does not tell how likely the tokens of a prompt are. */
  readonly scorer?: PromptScorer;
}
