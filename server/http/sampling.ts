import type { Sampling } from "../protocol/host.ts";
import type { Settings } from "../protocol/settings.ts";

/** How to sample, as a request may ask; null and undefined: as the settings say. */
export interface SamplingWishes {
  readonly temperature?: number | null | undefined;
  readonly topP?: number | null | undefined;
  readonly topK?: number | null | undefined;
  readonly repetitionPenalty?: number | null | undefined;
  /** -1: none. */
  readonly seed?: number | null | undefined;
}

/** How a text is sampled: as asked, else as suggestions are. */
export function samplingFor(settings: Settings, wishes: SamplingWishes): Sampling {
  const seed = wishes.seed ?? settings["completion.seed"];
  return {
    temperature: wishes.temperature ?? settings["completion.temperature"],
    topP: wishes.topP ?? settings["completion.topP"],
    topK: wishes.topK ?? settings["completion.topK"],
    repetitionPenalty: wishes.repetitionPenalty ?? settings["completion.repetitionPenalty"],
    ...(seed === null || seed < 0 ? {} : { seed }),
  };
}
