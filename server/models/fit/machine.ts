import { readdirSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { productVersion } from "../../protocol/version.ts";
import { freeBytesAt } from "../../state/freeBytes.ts";
import type { MachineFacts } from "../../protocol/models.ts";
import { packsRoot } from "../../state/packsFolder.ts";
import { readMemory, type SystemMemory } from "./availableMemory.ts";
import type { MachineProbe } from "./probe.ts";
import { readProbed, rememberProbed } from "./speeds.ts";

export interface MachineOptions {
  readonly homePath: string;
  /** Loads the native library in a process of its own; takes a second or more. */
  readonly probe: () => Promise<MachineProbe>;
  /** The backend that the probe asks for: another one, another answer. */
  readonly requested?: string;
  /** Probe even though it was done a short while ago. */
  readonly fresh?: boolean;
  readonly now?: () => number;
  readonly memory?: () => SystemMemory;
}

/** What a GPU has free changes with what runs on it; what there is at all changes seldom. */
const probeLasts = { gpu: 2 * 60_000, cpu: 60 * 60_000 } as const;

/**
 * What this machine has. The native library is probed at most once an hour, or every two minutes
 * where there is a GPU, and anew when the product or its packages have changed. Never rejects.
 */
export async function readMachine(options: MachineOptions): Promise<MachineFacts> {
  const { homePath, now = Date.now, memory = readMemory } = options;
  const [probe, diskFreeBytes] = await Promise.all([
    probed(options, now()),
    freeBytesAt(join(homePath, "models")).catch(() => 0),
  ]);
  const common = {
    cpu: cpus()[0]?.model.trim() || "unknown processor",
    ...memory(),
    diskFreeBytes,
  };
  if (probe.kind === "missing") {
    const fallbackReason = `The native library cannot be loaded: ${probe.reason}`;
    return { ...common, cores: availableParallelism(), backend: "cpu", fallbackReason, gpus: [] };
  }
  const { backend, fallbackReason, mathCores, memoryBandwidth } = probe;
  return {
    ...common,
    cores: mathCores ?? availableParallelism(),
    backend,
    ...(fallbackReason === undefined ? {} : { fallbackReason }),
    gpus: gpusOf(probe),
    ...(memoryBandwidth === undefined ? {} : { memoryBandwidth }),
  };
}

async function probed(options: MachineOptions, now: number): Promise<MachineProbe> {
  const { homePath, requested = "auto", fresh = false } = options;
  const key = [productVersion, requested, ...packages(homePath)].join(" ");
  const known = fresh ? undefined : readProbed(homePath, key, now - probeLasts.cpu);
  const lasts = known?.probe.backend === "cpu" ? probeLasts.cpu : probeLasts.gpu;
  if (known !== undefined && known.at <= now && now - known.at < lasts) return known.probe;
  const probe = await options.probe().catch((thrown: unknown): MachineProbe => {
    return { kind: "missing", reason: thrown instanceof Error ? thrown.message : String(thrown) };
  });
  // What went wrong may have been put right a moment later.
  if (probe.kind === "works") await rememberProbed(homePath, { key, at: now, probe });
  return probe;
}

/** Which packages for GPUs lie in the home: another set, another answer. */
function packages(homePath: string): string[] {
  const list = (folder: string): string[] => {
    try {
      return readdirSync(folder).sort();
    } catch {
      return [];
    }
  };
  const root = packsRoot(homePath);
  return list(root).flatMap((version) =>
    list(join(root, version, "node_modules", "@node-llama-cpp")).map(
      (name) => `${version}/${name}`,
    ),
  );
}

function gpusOf(probe: Extract<MachineProbe, { kind: "works" }>): MachineFacts["gpus"] {
  const { devices, totalBytes, usedBytes, deviceMemory, unifiedBytes = 0, backend } = probe;
  if (backend === "cpu") return [];
  const unified = totalBytes > 0 && unifiedBytes >= totalBytes / 2;
  return devices.map((name, index) => {
    const own = deviceMemory?.[index] ?? {
      totalBytes: Math.round(totalBytes / devices.length),
      usedBytes: Math.round(usedBytes / devices.length),
    };
    return {
      name,
      totalBytes: own.totalBytes,
      freeBytes: Math.max(0, own.totalBytes - own.usedBytes),
      ...(unified ? { unified } : {}),
    };
  });
}
