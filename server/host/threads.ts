import type { HostConfig } from "../protocol/host.ts";

export interface ThreadCounts {
  readonly decode: number;
  readonly prefill: number;
}

/**
 * The most threads to use. Where the settings leave the choice (0), decoding leaves one core to the
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

/** Processor time since some moment, in milliseconds summed over the cores. */
export interface CoreTimes {
  /** Spent by all processes. */
  readonly busyMs: number;
  /** Spent by this process. */
  readonly ownMs: number;
  /** The clock. */
  readonly atMs: number;
}

/**
 * How many of the threads wanted find a core of their own, judged by what other processes used
 * between two moments. The engine's threads wait for each other by spinning, so that one of them
 * without a core holds up all: on two cores beside another program, two threads were seen to take
 * 7 s for what one does in 30 ms.
 */
export function affordableThreads(
  wanted: number,
  logicalCores: number,
  before: CoreTimes,
  after: CoreTimes,
): number {
  const elapsed = after.atMs - before.atMs;
  if (elapsed <= 0) return wanted;
  const others = (after.busyMs - before.busyMs - (after.ownMs - before.ownMs)) / elapsed;
  // A quarter of a core is what an idle desktop uses.
  const free = Math.floor(logicalCores - Math.max(0, others) + 0.25);
  return Math.max(1, Math.min(wanted, free));
}
