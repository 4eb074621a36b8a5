import { availableParallelism, cpus } from "node:os";
import { affordableThreads, type CoreTimes, type ThreadCounts } from "./threads.ts";

/** Says how many threads to use right now. */
export interface ThreadGovernor {
  threads(kind: keyof ThreadCounts): number;
  dispose(): void;
}

const sampleEveryMs = 300;
const restAfterMs = 2000;

/** @param most the threads to use while no other process needs the cores. */
export function createThreadGovernor(most: ThreadCounts): ThreadGovernor {
  const cores = availableParallelism();
  let last = measure();
  // Nothing is known yet: one thread is never far wrong, too many may be.
  let current: ThreadCounts = { decode: 1, prefill: 1 };
  if (Math.max(most.decode, most.prefill) <= 1 || cpus().length !== cores) {
    // In a container with a share of the cores, the system's figures say nothing about the share.
    const { decode } = most;
    return { threads: () => decode, dispose: () => undefined };
  }
  let timer: NodeJS.Timeout | undefined;
  let usedAt = 0;

  function sample(): void {
    const now = measure();
    current = {
      decode: affordableThreads(most.decode, cores, last, now),
      prefill: affordableThreads(most.prefill, cores, last, now),
    };
    last = now;
    // Reading the system's figures takes the time of some tokens: not while nobody asks.
    if (now.atMs - usedAt > restAfterMs) rest();
  }
  function rest(): void {
    clearInterval(timer);
    timer = undefined;
  }
  return {
    threads(kind) {
      usedAt = performance.now();
      if (timer === undefined) {
        // What others used since it rested is the best guess for what they use now.
        if (usedAt - last.atMs >= sampleEveryMs) sample();
        timer = setInterval(sample, sampleEveryMs);
        timer.unref();
      }
      return current[kind];
    },
    dispose: rest,
  };
}

function measure(): CoreTimes {
  const own = process.cpuUsage();
  const busyMs = cpus().reduce((sum, { times }) => sum + times.user + times.sys + times.nice, 0);
  return { busyMs, ownMs: (own.user + own.system) / 1000, atMs: performance.now() };
}
