import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readMemory } from "../../../../server/models/fit/availableMemory.ts";
import { readMachine } from "../../../../server/models/fit/machine.ts";
import type { MachineProbe } from "../../../../server/models/fit/probe.ts";
import { machineFactsSchema } from "../../../../server/protocol/models.ts";

const GB = 1e9;
const cpu: MachineProbe = {
  kind: "works",
  ...{ backend: "cpu", devices: [], totalBytes: 0, usedBytes: 0 },
  ...{ mathCores: 6, memoryBandwidth: 14 * GB, fallbackReason: "no driver" },
};
const gpu: MachineProbe = {
  kind: "works",
  ...{ backend: "cuda", devices: ["A"], totalBytes: 8 * GB, usedBytes: 1 * GB },
};

describe("what this machine has", () => {
  let home: string;
  let time = 0;
  let asked = 0;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "starcoder-machine-"));
    time = 1_000_000;
    asked = 0;
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const read = (probe: MachineProbe, more = {}) =>
    readMachine({
      homePath: home,
      now: () => time,
      memory: () => ({ totalBytes: 16 * GB, availableBytes: 9 * GB }),
      probe: () => {
        asked += 1;
        return Promise.resolve(probe);
      },
      ...more,
    });

  it("is what the system and the native library say", async () => {
    const facts = machineFactsSchema.parse(await read(cpu));
    expect(facts).toMatchObject({
      ...{ cores: 6, totalBytes: 16 * GB, availableBytes: 9 * GB, backend: "cpu", gpus: [] },
      ...{ memoryBandwidth: 14 * GB, fallbackReason: "no driver" },
    });
    expect(facts.cpu).not.toBe("");
    expect(facts.diskFreeBytes).toBeGreaterThan(0);
  });

  it("tells each GPU's memory, as the library counts it or looked at one by one", async () => {
    expect((await read(gpu)).gpus).toEqual([{ name: "A", totalBytes: 8 * GB, freeBytes: 7 * GB }]);
    const two = { ...gpu, devices: ["A", "B"], totalBytes: 32 * GB, usedBytes: 4 * GB };
    const each = [
      { totalBytes: 8 * GB, usedBytes: 1 * GB },
      { totalBytes: 24 * GB, usedBytes: 3 * GB },
    ];
    const found = await read({ ...two, deviceMemory: each }, { fresh: true });
    expect(found.gpus.map(({ freeBytes }) => freeBytes)).toEqual([7 * GB, 21 * GB]);
    const together = await read(two, { fresh: true });
    expect(together.gpus.map(({ freeBytes }) => freeBytes)).toEqual([14 * GB, 14 * GB]);
    const shared = await read({ ...gpu, unifiedBytes: 8 * GB }, { fresh: true });
    expect(shared.gpus[0]?.unified).toBe(true);
  });

  it("is probed once in a while, since that takes a second", async () => {
    await read(cpu);
    time += 30 * 60_000;
    expect(await read(cpu)).toMatchObject({ cores: 6 });
    expect(asked).toBe(1);
    time += 40 * 60_000;
    await read(cpu);
    expect(asked).toBe(2);
    await read(cpu, { fresh: true });
    expect(asked).toBe(3);
  });

  it("is probed soon again where a GPU's memory may be used by others meanwhile", async () => {
    await read(gpu);
    time += 60_000;
    await read(gpu);
    expect(asked).toBe(1);
    time += 2 * 60_000;
    await read(gpu);
    expect(asked).toBe(2);
  });

  it("is probed anew for another backend, after packages came, and when the clock went back", async () => {
    await read(cpu);
    await read(cpu, { requested: "vulkan" });
    expect(asked).toBe(2);
    const name = join(home, "packs", "3.0.0", "node_modules", "@node-llama-cpp", "linux-x64-cuda");
    mkdirSync(name, { recursive: true });
    await read(cpu, { requested: "vulkan" });
    expect(asked).toBe(3);
    time -= 10 * 60_000;
    await read(cpu, { requested: "vulkan" });
    expect(asked).toBe(4);
  });

  it("is a processor where the library cannot be loaded, which is tried again", async () => {
    const missing = await read({ kind: "missing", reason: "no file." });
    expect(missing).toMatchObject({ backend: "cpu", gpus: [] });
    expect(missing.fallbackReason).toContain("no file.");
    await read({ kind: "missing", reason: "no file." });
    expect(asked).toBe(2);
    const failed = await read(cpu, { probe: () => Promise.reject(new Error("broken")) });
    expect(failed.fallbackReason).toContain("broken");
  });
});

describe("memory that a process can have", () => {
  const system = "MemTotal: 16000000 kB\nMemAvailable:  8000000 kB\n";
  const of = (files: Readonly<Record<string, string>>) =>
    readMemory((path) => ({ "/proc/meminfo": system, ...files })[path]);

  it("is what the system can give where no limit is set", () => {
    expect(of({}).availableBytes).toBe(8_192_000_000);
    const free = { "/proc/self/cgroup": "0::/user\n", "/sys/fs/cgroup/user/memory.max": "max\n" };
    expect(of(free).availableBytes).toBe(8_192_000_000);
  });

  it("is what a container leaves, cached files not counted as used", () => {
    const container = {
      "/proc/self/cgroup": "0::/\n",
      "/sys/fs/cgroup/memory.max": "2000000000\n",
      "/sys/fs/cgroup/memory.current": "1500000000\n",
      "/sys/fs/cgroup/memory.stat": "anon 300000000\ninactive_file 1100000000\n",
    };
    expect(of(container)).toEqual({ totalBytes: 2e9, availableBytes: 1.6e9 });
  });

  it("is what the tightest of the groups around leaves", () => {
    const nested = {
      "/proc/self/cgroup": "0::/a/b\n",
      "/sys/fs/cgroup/a/b/memory.max": "4000000000",
      "/sys/fs/cgroup/a/b/memory.current": "1000000000",
      "/sys/fs/cgroup/a/memory.max": "3000000000",
      "/sys/fs/cgroup/a/memory.current": "2500000000",
    };
    expect(of(nested)).toEqual({ totalBytes: 3e9, availableBytes: 0.5e9 });
  });

  it("is found in the groups of version 1 as well, whose number for none is huge", () => {
    const older = {
      "/proc/self/cgroup": "5:cpu,memory:/box\n3:cpuset:/\n",
      "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "1000000000",
      "/sys/fs/cgroup/memory/box/memory.usage_in_bytes": "400000000",
      "/sys/fs/cgroup/memory/box/memory.stat": "total_inactive_file 100000000\n",
      "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
      "/sys/fs/cgroup/memory/memory.usage_in_bytes": "5",
    };
    expect(of(older)).toEqual({ totalBytes: 1e9, availableBytes: 0.7e9 });
  });
});
