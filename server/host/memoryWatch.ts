import type { MemoryReading, MemorySource } from "./memorySource.ts";

/** What memory allows. */
export type MemoryLevel =
  /** The system may soon end a process. */
  | "short"
  /** Neither: what is, stays. */
  | "tight"
  | "roomy";

const megabyte = 2 ** 20;

/**
 * Short below a twentieth of the memory (at least 256 MB, at most 1 GB), or below twice that while
 * processes wait for memory a fifth of the time; roomy with that much to spare beside `neededBytes`.
 */
export function memoryLevel(reading: MemoryReading, neededBytes: number): MemoryLevel {
  const low = Math.min(1024 * megabyte, Math.max(256 * megabyte, reading.totalBytes / 20));
  const stalls = (reading.stalled ?? 0) >= 0.2;
  if (reading.availableBytes < (stalls ? 2 * low : low)) return "short";
  return reading.availableBytes >= 2 * low + neededBytes ? "roomy" : "tight";
}

export interface MemoryWatchOptions {
  readonly source: MemorySource;
  readonly after: (milliseconds: number, callback: () => void) => () => void;
  /** What is missed now and would be taken again when there is room, in bytes. */
  readonly neededBytes: () => number;
  /** Memory is short: gives some back. Called again at each reading while it is. */
  readonly onShort: () => Promise<void>;
  /** There has been room for half a minute. */
  readonly onRoom: () => Promise<void>;
  /** Memory was short just now: room counts from here. */
  readonly beginsShort?: boolean;
}

export interface MemoryWatch {
  /** Whether there was room at the last readings. */
  readonly hasRoom: boolean;
  dispose(): void;
}

/** Reading costs a fraction of a millisecond. */
const everyMs = 5000;
/** So many readings in a row must have found room: what comes and goes moves nothing. */
const roomyReadings = 6;

/** Looks at the memory every few seconds. */
export function watchMemory(options: MemoryWatchOptions): MemoryWatch {
  let roomy = options.beginsShort === true ? 0 : roomyReadings;
  let disposed = false;
  let cancel = options.after(everyMs, () => void look());

  async function look(): Promise<void> {
    const level = memoryLevel(await options.source(), options.neededBytes());
    roomy = level === "roomy" ? roomy + 1 : 0;
    if (level === "short") await options.onShort();
    else if (roomy === roomyReadings) await options.onRoom();
    if (!disposed) cancel = options.after(everyMs, () => void look());
  }

  return {
    get hasRoom() {
      return roomy >= roomyReadings;
    },
    dispose() {
      disposed = true;
      cancel();
    },
  };
}
