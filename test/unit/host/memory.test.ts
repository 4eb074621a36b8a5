import { describe, expect, it } from "vitest";
import { readLinuxMemory, type MemoryReading } from "../../../server/host/memorySource.ts";
import { memoryLevel, watchMemory } from "../../../server/host/memoryWatch.ts";
import { createManualClock } from "../../support/manualClock.ts";

const gigabyte = 2 ** 30;
const reading = (gigabytes: number, stalled?: number): MemoryReading => ({
  ...{ availableBytes: gigabytes * gigabyte, totalBytes: 16 * gigabyte },
  ...(stalled === undefined ? {} : { stalled }),
});

/** Lets everything go on that waits for nothing but its turn. */
const turns = () => new Promise((resolve) => setImmediate(resolve));

describe("memory", () => {
  it.each<[string, MemoryReading, number, string]>([
    ["short below a twentieth", reading(0.7), 0, "short"],
    ["tight between", reading(1), 0, "tight"],
    ["roomy with as much to spare", reading(2), 0, "roomy"],
    ["tight where what is missed would not fit beside that", reading(3), 2 * gigabyte, "tight"],
    ["short sooner while processes wait for it", reading(1, 0.5), 0, "short"],
    ["not short for a stall alone", reading(4, 0.9), 0, "roomy"],
  ])("is %s", (_, given, needed, level) => {
    expect(memoryLevel(given, needed)).toBe(level);
  });

  it("of a container is what its limit leaves, copies of files not counted", () => {
    const files: Readonly<Record<string, string>> = {
      "/proc/meminfo": "MemTotal:  16777216 kB\nMemAvailable:  8388608 kB\n",
      "/proc/self/cgroup": "0::/\n",
      "/proc/pressure/memory": "some avg10=25.00 avg60=0.00 avg300=0.00 total=1\n",
      "/sys/fs/cgroup/memory.max": String(4 * gigabyte),
      "/sys/fs/cgroup/memory.current": String(3 * gigabyte),
      "/sys/fs/cgroup/memory.stat": `anon 1\ninactive_file ${gigabyte / 2}\nactive_file ${gigabyte / 2}\n`,
    };
    expect(readLinuxMemory((path) => files[path])).toEqual({
      ...{ totalBytes: 4 * gigabyte, availableBytes: 2 * gigabyte, stalled: 0.25 },
    });
    const unlimited: typeof files = { ...files, "/sys/fs/cgroup/memory.max": "max" };
    expect(readLinuxMemory((path) => unlimited[path]).availableBytes).toBe(8 * gigabyte);
  });

  it("of a service is what the group around it leaves", () => {
    const group = "/sys/fs/cgroup/user.slice";
    const files: Readonly<Record<string, string>> = {
      "/proc/meminfo": "MemTotal:  16777216 kB\nMemAvailable:  8388608 kB\n",
      "/proc/self/cgroup": "0::/user.slice/editor.scope\n",
      [`${group}/memory.max`]: String(2 * gigabyte),
      [`${group}/memory.current`]: String(gigabyte),
    };
    expect(readLinuxMemory((path) => files[path])).toEqual({
      ...{ totalBytes: 2 * gigabyte, availableBytes: gigabyte },
    });
  });
});

describe("the watch over memory", () => {
  function watched(first: MemoryReading) {
    const clock = createManualClock();
    const events: string[] = [];
    let now = first;
    const watch = watchMemory({
      source: () => Promise.resolve(now),
      after: (milliseconds, callback) => clock.after(milliseconds, callback),
      neededBytes: () => 0,
      onShort: () => Promise.resolve(void events.push("short")),
      onRoom: () => Promise.resolve(void events.push("room")),
    });
    const look = async (next: MemoryReading, times = 1): Promise<void> => {
      now = next;
      for (let left = times; left > 0; left -= 1) {
        clock.advance(5000);
        await turns();
      }
    };
    return { watch, events, look };
  }

  it("says at each reading that it is short", async () => {
    const { events, look } = watched(reading(8));
    await look(reading(0.1), 2);
    expect(events).toEqual(["short", "short"]);
  });

  it("finds room only after half a minute of it", async () => {
    const { watch, events, look } = watched(reading(8));
    expect(watch.hasRoom).toBe(true);
    await look(reading(0.1));
    await look(reading(8), 5);
    expect(watch.hasRoom).toBe(false);
    await look(reading(1));
    await look(reading(8), 5);
    expect(events).toEqual(["short"]);
    await look(reading(8), 3);
    expect(watch.hasRoom).toBe(true);
    expect(events).toEqual(["short", "room"]);
  });

  it("ends when it is disposed", async () => {
    const { watch, events, look } = watched(reading(8));
    watch.dispose();
    await look(reading(0.1), 3);
    expect(events).toEqual([]);
  });
});
