import { failureFields } from "../logs/failureFields.ts";
import type { Logger } from "../logs/logger.ts";
import { CodedError, toCodedError } from "../protocol/errors.ts";
import type {
  AskParams,
  DecideParams,
  GenerateParams,
  GenerateResult,
  HostHealth,
  HostState,
  ScoreParams,
  TokenNotification,
  WarmParams,
  WeighedNotification,
  WeighParams,
} from "../protocol/host.ts";
import { askJob, type AskOutcome } from "./ask.ts";
import { busyBudget, createSpeedMeter, quietBudget } from "./chunks.ts";
import { decideJob, type DecideOutcome } from "./decide.ts";
import { generateJob } from "./generate.ts";
import { logRequest } from "./logRequest.ts";
import type { HostModel } from "./model.ts";
import { createScheduler, type SchedulerOptions } from "./scheduler.ts";
import { scoreJob, type ScoreOutcome } from "./score.ts";
import type { JobContext, SlotJob } from "./slotJob.ts";
import { createSlots } from "./slots.ts";
import { warmJob, type WarmResult } from "./warm.ts";
import { weighJob, type WeighOutcome } from "./weigh.ts";
import { createWeighMemory } from "./weighMemory.ts";

/** Background work may take longer steps when nobody has typed for so long, in milliseconds. */
const quietAfterMs = 2000;

export interface HostServiceOptions extends SchedulerOptions {
  readonly load: () => Promise<HostModel>;
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
  ask(params: AskParams, signal: AbortSignal): Promise<AskOutcome>;
  decide(params: DecideParams, signal: AbortSignal): Promise<DecideOutcome>;
  /** `undefined`: cancelled. */
  weigh(
    params: WeighParams,
    onWeighed: (weighed: Omit<WeighedNotification, "id">) => void,
    signal: AbortSignal,
  ): Promise<WeighOutcome>;
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
  const scheduler = createScheduler(options);
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

  /** Runs a request's job, with one line in the log. */
  function run<Result>(
    message: string,
    { requestId }: { readonly requestId?: string | undefined },
    signal: AbortSignal,
    createJob: () => SlotJob<Result> | Promise<SlotJob<Result>>,
    level: "info" | "debug" = "info",
  ): Promise<Result> {
    return logRequest(
      options,
      { message, level, requestId },
      async (onJob) => {
        const job = await createJob();
        onJob(job);
        return await scheduler.submit(job, signal);
      },
      signal,
    );
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
          speed: createSpeedMeter(model.batchSize, model.description.vocabularySize),
          memory: createWeighMemory(),
          now,
          stepBudget: (priority) =>
            priority === "background" && scheduler.quietMs() >= quietAfterMs
              ? quietBudget
              : busyBudget,
        };
        log.info("model loaded", { durationMs: now() - before, backend: model.backend.used });
        setState({ kind: "ready", model: model.description, backend: model.backend });
      } catch (thrown) {
        const error = toCodedError(thrown);
        log.error("model not loaded", failureFields(thrown));
        setState({ kind: "failed", error: error.toData() });
      }
    },
    generate: (params, onToken, signal) =>
      run("generated", params, signal, () => generateJob(ready(), params, onToken)),
    warm: (params, signal) =>
      run("warmed", params, signal, () => warmJob(ready(), params), "debug"),
    score: (params, signal) => run("scored", params, signal, () => scoreJob(ready(), params)),
    ask: (params, signal) =>
      run("asked", params, signal, async () => {
        const { model } = ready();
        const { schema } = params;
        const grammar = schema === undefined ? undefined : await model.grammar(schema);
        return askJob(ready(), params, grammar);
      }),
    decide: (params, signal) => run("decided", params, signal, () => decideJob(ready(), params)),
    weigh: (params, onWeighed, signal) =>
      run("weighed", params, signal, () => weighJob(ready(), params, onWeighed)),
    tokenize(texts) {
      const { model } = ready();
      return texts.map((text) => model.tokenize(text));
    },
    health() {
      const threads = context?.model.threads ?? { decode: 0, prefill: 0 };
      const gpuMemory = context?.model.gpuMemory?.();
      return {
        state,
        queued: scheduler.pending,
        ...(context === undefined ? {} : { modelBytes: context.model.modelBytes }),
        ...(gpuMemory === undefined ? {} : { gpuMemory }),
        ...(context?.model.layers === undefined ? {} : { layers: context.model.layers }),
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
