import type { Logger } from "../logs/logger.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import type {
  GenerateParams,
  GenerateResult,
  HostHealth,
  HostState,
  ScoreParams,
  TokenNotification,
  WarmParams,
} from "../protocol/host.ts";
import { createSpeedMeter } from "./chunks.ts";
import { generateJob } from "./generate.ts";
import type { Now } from "./meter.ts";
import type { HostModel } from "./model.ts";
import { createScheduler } from "./scheduler.ts";
import { scoreJob, type ScoreOutcome } from "./score.ts";
import type { JobContext } from "./slotJob.ts";
import { createSlots } from "./slots.ts";
import { warmJob, type WarmResult } from "./warm.ts";

export interface HostServiceOptions {
  readonly load: () => Promise<HostModel>;
  readonly now: Now;
  readonly log: Logger;
}

/**
 * The host's work, whoever asks for it. Requests before the model is ready are refused with
 * MODEL_UNAVAILABLE, after a failure with that failure.
 */
export interface HostService {
  readonly state: HostState;
  /** Called on each change; returns what ends the subscription. */
  onState(listener: (state: HostState) => void): () => void;
  /** Loads the model. Never rejects: the state tells. */
  start(): Promise<void>;
  generate(
    params: GenerateParams,
    onToken: (token: Omit<TokenNotification, "id">) => void,
    signal: AbortSignal,
  ): Promise<GenerateResult>;
  warm(params: WarmParams, signal: AbortSignal): Promise<WarmResult>;
  /** `undefined`: cancelled. */
  score(params: ScoreParams, signal: AbortSignal): Promise<ScoreOutcome>;
  tokenize(texts: readonly string[]): number[][];
  health(): Omit<HostHealth, "pid" | "hostVersion" | "uptimeSeconds" | "clients" | "residentBytes">;
  /** Refuses work from now on, for this reason; what runs goes on. */
  fail(error: CodedError): void;
  /** Refuses work from now on; settles when what runs has finished. */
  retire(): Promise<void>;
  /** Ends the model; waits for the step that runs. */
  dispose(): Promise<void>;
}

export function createHostService(options: HostServiceOptions): HostService {
  const { log, now } = options;
  const listeners = new Set<(state: HostState) => void>();
  const scheduler = createScheduler();
  let state: HostState = { kind: "loading" };
  let context: JobContext | undefined;

  function setState(next: HostState): void {
    if (state.kind === "retiring") return;
    state = next;
    for (const listener of [...listeners]) listener(next);
  }

  function ready(): JobContext {
    if (state.kind === "failed") throw CodedError.fromData(state.error);
    if (state.kind !== "ready" || context === undefined) {
      const detail = state.kind === "retiring" ? "The host is retiring." : "It is still loading.";
      throw new CodedError("MODEL_UNAVAILABLE", detail);
    }
    return context;
  }

  return {
    get state() {
      return state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      const before = now();
      try {
        const model = await options.load();
        context = {
          model,
          slots: createSlots(model.sequences),
          speed: createSpeedMeter(model.batchSize),
          now,
        };
        log.info("model loaded", { durationMs: now() - before, backend: model.backend.used });
        setState({ kind: "ready", model: model.description, backend: model.backend });
      } catch (thrown) {
        const error = toCodedError(thrown);
        log.error("model not loaded", { code: error.code, detail: error.message });
        setState({ kind: "failed", error: error.toData() });
      }
    },
    async generate(params, onToken, signal) {
      return await scheduler.submit(generateJob(ready(), params, onToken), signal);
    },
    async warm(params, signal) {
      return await scheduler.submit(warmJob(ready(), params), signal);
    },
    async score(params, signal) {
      return await scheduler.submit(scoreJob(ready(), params), signal);
    },
    tokenize(texts) {
      const { model } = ready();
      return texts.map((text) => model.tokenize(text));
    },
    health() {
      const threads = context?.model.threads ?? { decode: 0, prefill: 0 };
      return {
        state,
        queued: scheduler.pending,
        ...(context === undefined ? {} : { modelBytes: context.model.modelBytes }),
        threads: { decode: threads.decode, prefill: threads.prefill },
        speed: context?.speed.speed() ?? {},
        slots: (context?.slots.all ?? []).map((slot) => ({
          tokens: slot.sequence.length,
          busy: slot.busy,
        })),
      };
    },
    fail(error) {
      log.error("model unusable", { code: error.code, detail: error.message });
      setState({ kind: "failed", error: error.toData() });
    },
    async retire() {
      setState({ kind: "retiring" });
      scheduler.close(new CodedError("MODEL_UNAVAILABLE", "The host is retiring."));
      await scheduler.idle();
    },
    async dispose() {
      await context?.model.dispose();
    },
  };
}
