import type { Usage, WarmParams } from "../protocol/host.ts";
import { promptTokens } from "./promptTokens.ts";
import { createSlotJob, evaluatePrompt, type JobContext, type SlotJob } from "./slotJob.ts";

export interface WarmResult {
  readonly usage: Usage;
  readonly finish: "done" | "cancelled";
}

/** Evaluates a prompt into the cache. Throws as `generateJob` does. */
export function warmJob(context: JobContext, params: WarmParams): SlotJob<WarmResult> {
  const prompt = promptTokens(context.model, params.prompt);
  return createSlotJob(context, {
    prompt,
    priority: params.priority,
    cancelled: (meter): WarmResult => ({ finish: "cancelled", usage: meter.usage() }),
    async *steps(sequence, meter): AsyncGenerator<undefined, WarmResult> {
      if (sequence.sharedPrefix(prompt) >= prompt.length) {
        // Warm already: erasing what follows it would only cost the next request.
        meter.start(prompt.length);
        yield;
      } else {
        yield* evaluatePrompt(context, sequence, meter, prompt, {});
      }
      return { finish: "done", usage: meter.usage() };
    },
  });
}
