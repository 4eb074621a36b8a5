import type { HostConfig } from "../protocol/host.ts";

export interface ThreadCounts {
  readonly decode: number;
  readonly prefill: number;
}

/**
 * Threads where the settings leave the choice (0). Decoding on every core collapses as soon as
 * anything else runs (85 to 19 tokens a second with one of two cores busy), so it leaves one to the
 * editor; evaluating prompts gains more from each core and is short.
 * @param physicalCores cores that do arithmetic; @param logicalCores what the system schedules on.
 */
export function chooseThreads(
  config: Pick<HostConfig, "threads" | "prefillThreads">,
  physicalCores: number,
  logicalCores: number,
): ThreadCounts {
  const physical = Math.max(1, physicalCores);
  const decode =
    config.threads > 0 ? config.threads : Math.max(1, Math.min(physical, logicalCores - 1));
  const prefill = config.prefillThreads > 0 ? config.prefillThreads : Math.max(decode, physical);
  return { decode, prefill };
}
