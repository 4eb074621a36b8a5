import { busyBudget, createSpeedMeter } from "../../../server/host/chunks.ts";
import { createScheduler, type Scheduler } from "../../../server/host/scheduler.ts";
import type { JobContext } from "../../../server/host/slotJob.ts";
import { createSlots } from "../../../server/host/slots.ts";
import { createWeighMemory } from "../../../server/tokens/weighMemory.ts";
import type { FakeModel } from "./fakeModel.ts";

/** What jobs over this model work with, on a clock that stands still. */
export function contextOf(model: FakeModel): JobContext {
  return {
    model,
    slots: createSlots(model.sequences),
    speed: createSpeedMeter(model.batchSize),
    memory: createWeighMemory(),
    now: () => 0,
    stepBudget: () => busyBudget,
  };
}

/** A scheduler on whose clock every moment is long after the last: background work never rests. */
export function restlessScheduler(): Scheduler {
  let time = 0;
  return createScheduler({ now: () => (time += 10_000), after: () => () => undefined });
}
