import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import {
  arch,
  availableParallelism,
  cpus,
  freemem,
  loadavg,
  platform,
  release,
  totalmem,
} from "node:os";
import type { Processor, SystemWorld } from "../world.ts";

/** The machine and the Node.js that this process runs on. */
export function createSystemWorld(): SystemWorld {
  return {
    nodeVersion: process.version,
    platform: platform(),
    arch: arch(),
    release: release(),
    async processor(): Promise<Processor> {
      const features = await readFeatures();
      return {
        model: cpus()[0]?.model.trim() ?? "unknown processor",
        cores: availableParallelism(),
        // Windows has no such figure and says 0.
        ...(platform() === "win32" ? {} : { load: loadavg()[0] ?? 0 }),
        ...(features === undefined ? {} : { features }),
      };
    },
    // Node 20 before 20.13 has no such function.
    freeMemoryBytes: () => ("availableMemory" in process ? process.availableMemory() : freemem()),
    totalMemoryBytes() {
      const allowed = process.constrainedMemory();
      return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
    },
    env: process.env,
  };
}

async function readFeatures(): Promise<ReadonlySet<string> | undefined> {
  if (platform() === "linux") {
    const text = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
    return wordsOf(/^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1]);
  }
  if (platform() !== "darwin" || arch() !== "x64") return undefined;
  return new Promise((resolve) => {
    const names = ["machdep.cpu.features", "machdep.cpu.leaf7_features"];
    execFile("/usr/sbin/sysctl", ["-n", ...names], { timeout: 3000 }, (_, output) => {
      resolve(wordsOf(output));
    });
  });
}

function wordsOf(text: string | undefined): ReadonlySet<string> | undefined {
  const words = text?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  return words.length === 0 ? undefined : new Set(words);
}
