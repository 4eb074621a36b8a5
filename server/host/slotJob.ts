import type { Priority, Usage } from "../protocol/host.ts";
import type { SpeedMeter, StepBudget } from "./chunks.ts";
import { createUsageMeter, type Now, type UsageMeter } from "./meter.ts";
import type { HostModel, ModelSequence, NextQuery, NextTokens, Token } from "./model.ts";
import type { Job } from "./scheduler.ts";
import type { Slot, Slots } from "./slots.ts";
import type { Client } from "./turns.ts";
import type { WeighMemory } from "../tokens/weighMemory.ts";

/** What every job works with. */
export interface JobContext {
  /** For whom; `undefined`: for nobody in particular. */
  readonly client?: Client | undefined;
  readonly model: HostModel;
  readonly slots: Slots;
  readonly speed: SpeedMeter;
  readonly memory: WeighMemory;
  readonly now: Now;
  /** How large the next step of a job of this priority may be. */
  readonly stepBudget: (priority: Priority) => StepBudget;
}

/** A job with what the log tells of it. */
export interface SlotJob<Result> extends Job<Result> {
  /** What it has cost so far. */
  usage(): Usage;
  /** Which slot it has; `undefined` before it runs. */
  readonly slot: number | undefined;
}

/** A job that evaluates a prompt in a slot and then works on from there. */
export function createSlotJob<Result>(
  context: JobContext,
  options: {
    readonly prompt: readonly Token[];
    readonly priority: Priority;
    readonly steps: (
      sequence: ModelSequence,
      meter: UsageMeter,
    ) => AsyncGenerator<undefined, Result>;
    readonly cancelled: (meter: UsageMeter) => Result;
  },
): SlotJob<Result> {
  const meter = createUsageMeter(context.now, context.speed, () =>
    context.stepBudget(options.priority),
  );
  let slot: Slot | undefined;
  return {
    priority: options.priority,
    acquire() {
      slot = context.slots.acquire(options.prompt, options.priority, context.client);
      return slot !== undefined;
    },
    steps() {
      if (slot === undefined) throw new Error("A job runs only with a slot.");
      return options.steps(slot.sequence, meter);
    },
    cancelled: () => options.cancelled(meter),
    usage: () => meter.usage(),
    get slot() {
      return slot && context.slots.all.indexOf(slot);
    },
    release() {
      if (slot !== undefined) context.slots.release(slot);
    },
  };
}

/**
 * Brings a prompt into the cache in chunks, all but what the last step takes: that returns what
 * follows the prompt. The last token is always evaluated, for its logits.
 */
export async function* evaluatePrompt(
  context: JobContext,
  sequence: ModelSequence,
  meter: UsageMeter,
  prompt: readonly Token[],
  query: NextQuery,
): AsyncGenerator<undefined, NextTokens> {
  const rest = yield* evaluateStart(context, sequence, meter, prompt);
  const next = await meter.prefill(rest.length, () => sequence.next(rest, query));
  yield;
  return next;
}

/** The same up to the last step: returns the tokens that it takes, threads set for it. */
export async function* evaluateStart(
  context: JobContext,
  sequence: ModelSequence,
  meter: UsageMeter,
  prompt: readonly Token[],
): AsyncGenerator<undefined, readonly Token[]> {
  await sequence.keepPrefix(prompt.slice(0, -1));
  meter.start(sequence.length);
  for (;;) {
    const rest = prompt.slice(sequence.length);
    const size = meter.chunkSize("append");
    context.model.useThreads(rest.length <= Math.min(size, 2) ? "decode" : "prefill");
    if (rest.length <= size) return rest;
    const chunk = rest.slice(0, size);
    await meter.prefill(chunk.length, () => sequence.append(chunk));
    yield;
  }
}
