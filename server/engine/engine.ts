import type { CodedError } from "../protocol/errors.ts";
import type {
  AskParams,
  Backend,
  AskResult,
  DecideParams,
  DecideResult,
  GenerateParams,
  GenerateResult,
  HostHealth,
  HostState,
  ModelDescription,
  ScoreParams,
  ScoreResult,
  TokenNotification,
  Usage,
  WarmParams,
  WeighedNotification,
  WeighParams,
  WeighResult,
} from "../protocol/host.ts";

/** What runs the model: a backend of the local host, or a remote engine. */
export type EngineBackend =
  | Extract<HostState, { kind: "ready" }>["backend"]
  | { readonly requested: "remote"; readonly used: "remote"; readonly fallbackReason?: string }
  /** The local model answers for remote engines of which none can be used. */
  | {
      readonly requested: "remote";
      readonly used: Exclude<Backend, "auto">;
      readonly fallbackReason: string;
    };

/** Beside a model that is there: how the change to another one stands. */
export interface SwitchProgress {
  /** Path of the model that is being loaded to take over; until then this one serves. */
  readonly switchingTo?: string;
  /** Why what was chosen last is not in use; until something else is chosen. */
  readonly switchFailure?: CodedError;
}

/** Where an engine stands. `ready` is the only state in which requests reach a model at once. */
export type EngineState =
  | { readonly kind: "stopped" }
  /** `why`: where that is not plain, a sentence. */
  | { readonly kind: "starting"; readonly why?: string }
  | ({
      readonly kind: "ready";
      readonly model: ModelDescription;
      readonly backend: EngineBackend;
      /** What was given up to keep it in memory. */
      readonly shrunk?: CodedError;
    } & SwitchProgress)
  /** Its memory was given back. `start`, and any request, loads it again. */
  | ({
      readonly kind: "unloaded";
      readonly model: ModelDescription;
      readonly backend: EngineBackend;
      readonly why: "idle" | "memory";
    } & SwitchProgress)
  /** Will be tried again by itself. */
  | { readonly kind: "restarting"; readonly error: CodedError; readonly retryInMs: number }
  /** Will not be tried again until `restart` or an explicit invoke. */
  | { readonly kind: "failed"; readonly error: CodedError };

/** Expected outcomes are values: a caller never needs to catch. */
export type EngineOutcome<Value> =
  | { readonly kind: "done"; readonly value: Value }
  /** `usage`: what it cost until then; settle with it where the host can tell within a moment. */
  | { readonly kind: "cancelled"; readonly usage?: Usage }
  | { readonly kind: "failed"; readonly error: CodedError };

/**
 * Requests with the same affinity (the file they are about) go to the same endpoint where there are
 * several, since it has evaluated their beginning already. The local engine ignores it.
 */
export interface Routed {
  readonly affinity?: string;
}

export type AskRequest = Omit<AskParams, "id"> & Routed;
export type DecideRequest = DecideParams & Routed;
export type GenerateRequest = Omit<GenerateParams, "id"> & Routed;
export type WarmRequest = WarmParams & Routed;
export type ScoreRequest = ScoreParams & Routed;
export type WeighRequest = Omit<WeighParams, "id"> & Routed;

/**
 * The one seam between what asks a model and what runs it. Implemented by the local engine (a host
 * process behind a socket) and by remote engines. Nothing here throws or waits for a restart: with
 * no model ready, every request settles at once as `failed` with the reason.
 */
export interface Engine {
  readonly state: EngineState;
  /** Called on each change of state; returns what ends the subscription. */
  onState(listener: (state: EngineState) => void): () => void;
  /** Starts it if it is not running; does not wait. An explicit start also clears a crash budget. */
  start(reason: "background" | "explicit"): void;
  /** Ends the connection and the process behind it, then starts anew. Settles when asked for, not when ready. */
  restart(): Promise<void>;
  generate(
    request: GenerateRequest,
    onToken: (token: Omit<TokenNotification, "id">) => void,
    signal: AbortSignal,
    /** Told of the cost where that is known only after the call has settled as cancelled. */
    onLateCost?: (usage: Usage) => void,
  ): Promise<EngineOutcome<GenerateResult>>;
  /** Evaluates a prompt into the cache without generating. */
  warm(request: WarmRequest, signal: AbortSignal): Promise<EngineOutcome<Usage>>;
  score(request: ScoreRequest, signal: AbortSignal): Promise<EngineOutcome<ScoreResult>>;
  /** Weighs alternatives of a text; `onWeighed` is told of each as soon as it is known. */
  weigh(
    request: WeighRequest,
    onWeighed: (weighed: Omit<WeighedNotification, "id">) => void,
    signal: AbortSignal,
  ): Promise<EngineOutcome<WeighResult>>;
  tokenize(texts: readonly string[]): Promise<EngineOutcome<number[][]>>;
  health(): Promise<EngineOutcome<HostHealth>>;
  /** Disconnects; the host lives on for other windows and ends by its idle timeout. */
  dispose(): void;
}

/**
 * An engine that can be asked in words. Whether its model understands them is for the caller to know.
 */
export interface ChatEngine {
  /**
   * Asks for the likeliest answer, within a JSON schema where one is given; with `sampling` for one
   * that is drawn. `onToken` is told of each token of the answer where the engine streams them.
   */
  ask(
    request: AskRequest,
    signal: AbortSignal,
    onToken?: (token: Omit<TokenNotification, "id">) => void,
  ): Promise<EngineOutcome<AskResult>>;
  /** How likely each of the options is as an answer. */
  decide(request: DecideRequest, signal: AbortSignal): Promise<EngineOutcome<DecideResult>>;
}
