import type { Logger } from "../logs/logger.ts";
import { CodedError } from "../protocol/errors.ts";
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
import { createModelLife, type Asleep } from "./modelLife.ts";
import { createScheduler, type SchedulerOptions } from "./scheduler.ts";
import type { Client } from "./turns.ts";
import { scoreJob, type ScoreOutcome } from "./score.ts";
import type { JobContext, SlotJob } from "./slotJob.ts";
import { createSlots } from "./slots.ts";
import { warmJob, type WarmResult } from "./warm.ts";
import { weighJob, type WeighOutcome } from "./weigh.ts";
import { createWeighMemory } from "../tokens/weighMemory.ts";

/** Background work may take longer steps when nobody has typed for so long, in milliseconds. */
const quietAfterMs = 2000;
/** In less context, in tokens, nothing useful is suggested. */
const smallestContext = 512;

export interface HostServiceOptions extends SchedulerOptions {
  readonly load: () => Promise<HostModel>;
  readonly log: Logger;
  /** Begin with the model not loaded; the first request loads it. */
  readonly asleep?: Asleep;
  /** Whether memory has room for a model that was unloaded for want of it. */
  readonly hasRoom?: () => boolean;
}

/**
 * The host's work, whoever asks for it: `client` says for whom. Requests before the model was loaded
 * first are refused with MODEL_UNAVAILABLE, after a failure with that failure; while it is loaded
 * again, or changed, they wait.
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
    client?: Client,
  ): Promise<GenerateResult>;
  warm(params: WarmParams, signal: AbortSignal, client?: Client): Promise<WarmResult>;
  /** `undefined`: cancelled. */
  score(params: ScoreParams, signal: AbortSignal, client?: Client): Promise<ScoreOutcome>;
  ask(
    params: AskParams,
    signal: AbortSignal,
    client?: Client,
    onToken?: (token: Omit<TokenNotification, "id">) => void,
  ): Promise<AskOutcome>;
  decide(params: DecideParams, signal: AbortSignal, client?: Client): Promise<DecideOutcome>;
  /** `undefined`: cancelled. */
  weigh(
    params: WeighParams,
    onWeighed: (weighed: Omit<WeighedNotification, "id">) => void,
    signal: AbortSignal,
    client?: Client,
  ): Promise<WeighOutcome>;
  tokenize(texts: readonly string[]): Promise<number[][]>;
  /** Milliseconds since the last request ended; 0 while one is pending. */
  unaskedMs(): number;
  health(): Omit<HostHealth, "pid" | "hostVersion" | "uptimeSeconds" | "clients" | "residentBytes">;
  /** Refuses work from now on, for this reason; what runs goes on. */
  fail(error: CodedError): void;
  /** Frees the model until the next request. */
  unload(why: Asleep["why"]): Promise<void>;
  /** Halves the context of a loaded model, down to 512 tokens; false: there is nothing to halve. */
  shrink(): Promise<boolean>;
  /** Memory has room again: loads what is missed, or gives the context its size back. */
  roomAgain(): Promise<void>;
  /** Tells that a newer host takes over, and works on. */
  supersede(): void;
  /** Refuses work from now on; settles when what runs has finished. */
  retire(): Promise<void>;
  /** Ends the model; waits for the step that runs. */
  dispose(): Promise<void>;
}

export function createHostService(options: HostServiceOptions): HostService {
  const { log, now } = options;
  const scheduler = createScheduler(options);
  let askedAt = now();
  let fullContext: number | undefined;
  const life = createModelLife<JobContext>({
    ...{ load: options.load, now, log },
    ...(options.asleep === undefined ? {} : { asleep: options.asleep }),
    ...(options.hasRoom === undefined ? {} : { hasRoom: options.hasRoom }),
    contextOf,
    async settled(reason) {
      // Who has just been let in has submitted its job then.
      await new Promise((resolve) => setImmediate(resolve));
      if (reason !== undefined) scheduler.interrupt(reason);
      await scheduler.idle();
    },
  });

  function contextOf(model: HostModel): JobContext {
    return {
      ...{ model, now, memory: createWeighMemory() },
      slots: createSlots(model.sequences),
      speed: createSpeedMeter(model.batchSize, model.description.vocabularySize),
      stepBudget: (priority) =>
        priority === "background" && scheduler.quietMs() >= quietAfterMs ? quietBudget : busyBudget,
    };
  }

  /** Runs a request's job, with one line in the log. */
  function run<Result>(
    message: string,
    { requestId }: { readonly requestId?: string | undefined },
    signal: AbortSignal,
    client: Client | undefined,
    createJob: (context: JobContext) => SlotJob<Result> | Promise<SlotJob<Result>>,
    level: "info" | "debug" = "info",
  ): Promise<Result> {
    return logRequest(
      options,
      { message, level, requestId },
      async (onJob) => {
        askedAt = now();
        const job = await createJob({ ...(await life.use()), client });
        onJob(job);
        return await scheduler.submit(job, signal, client).finally(() => (askedAt = now()));
      },
      signal,
    );
  }

  return {
    get state() {
      return life.state;
    },
    onState: (listener) => life.onState(listener),
    start: () => life.start(),
    generate: (params, onToken, signal, client) =>
      run("generated", params, signal, client, (to) => generateJob(to, params, onToken)),
    warm: (params, signal, client) =>
      run("warmed", params, signal, client, (to) => warmJob(to, params), "debug"),
    score: (params, signal, client) =>
      run("scored", params, signal, client, (to) => scoreJob(to, params)),
    ask: (params, signal, client, onToken) =>
      run("asked", params, signal, client, async (context) => {
        const { model } = context;
        const { schema } = params;
        const grammar = schema === undefined ? undefined : await model.grammar(schema);
        // A grammar is of one loaded model only.
        if (life.model !== model) throw new CodedError("MODEL_UNAVAILABLE");
        return askJob({ ...(await life.use()), client }, params, grammar, onToken);
      }),
    decide: (params, signal, client) =>
      run("decided", params, signal, client, (to) => decideJob(to, params)),
    weigh: (params, onWeighed, signal, client) =>
      run("weighed", params, signal, client, (to) => weighJob(to, params, onWeighed)),
    async tokenize(texts) {
      askedAt = now();
      const { model } = await life.use();
      return texts.map((text) => model.tokenize(text));
    },
    unaskedMs: () => (scheduler.pending > 0 ? 0 : now() - askedAt),
    health() {
      const { context } = life;
      const threads = context?.model.threads ?? { decode: 0, prefill: 0 };
      const gpuMemory = context?.model.gpuMemory?.();
      return {
        state: life.state,
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
    fail: (error) => life.fail(error),
    unload: (why) => life.unload(why),
    async shrink() {
      const { model } = life;
      if (model?.resize === undefined) return false;
      const { contextSize } = model.description;
      const half = Math.floor(contextSize / 2);
      if (half < smallestContext) return false;
      fullContext ??= contextSize;
      await life.resize(half, new CodedError("MEMORY_PRESSURE", `${half} tokens of context.`));
      return true;
    },
    async roomAgain() {
      await life.roomAgain();
      const full = fullContext;
      fullContext = undefined;
      if (full !== undefined && life.state.kind === "ready") await life.resize(full);
    },
    supersede: () => life.retire(true),
    async retire() {
      life.retire(false);
      scheduler.close(new CodedError("MODEL_UNAVAILABLE", "The host is retiring."));
      await scheduler.idle();
    },
    dispose: () => life.dispose(),
  };
}
