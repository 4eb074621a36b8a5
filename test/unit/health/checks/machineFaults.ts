import type { DoctorWorld } from "../../../../server/health/world.ts";
import type { ErrorCode } from "../../../../server/protocol/errors.ts";
import type { DoctorCheck } from "../../../../server/protocol/records.ts";
import { defaultSettings, type Settings } from "../../../../server/protocol/settings.ts";
import { healthyWorld, wholeModel } from "../healthyWorld.ts";

/** What is wrong, the check that says so, how, and by which code. */
export type Fault = [string, Partial<DoctorWorld>, string, DoctorCheck["status"], ErrorCode?];

const { system, home, model } = healthyWorld;

/** A world with these settings. */
export function settings(changes: Partial<Settings>): Partial<DoctorWorld> {
  return { settings: { ...defaultSettings, ...changes } };
}

/** Faults of the machine and of the model file. */
export const machineFaults: Fault[] = [
  [
    "an old Node",
    { system: { ...system, nodeVersion: "v18.0.0" } },
    "node",
    "failed",
    "NODE_UNSUPPORTED",
  ],
  [
    "an unknown system",
    { system: { ...system, platform: "sunos" } },
    "platform",
    "failed",
    "PLATFORM_UNSUPPORTED",
  ],
  [
    "a processor without AVX2",
    {
      system: {
        ...system,
        processor: () => Promise.resolve({ model: "Old", cores: 2, features: new Set(["sse2"]) }),
      },
    },
    "cpu",
    "warning",
    "PLATFORM_UNSUPPORTED",
  ],
  [
    "a busy processor",
    {
      system: {
        ...system,
        processor: () => Promise.resolve({ model: "CPU", cores: 2, load: 9 }),
      },
    },
    "cpu",
    "warning",
  ],
  [
    "memory that is short",
    { system: { ...system, freeMemoryBytes: () => 1e8 } },
    "memory",
    "warning",
    "MEMORY_ERROR",
  ],
  [
    "less memory than the model needs",
    { system: { ...system, freeMemoryBytes: () => 1e8, totalMemoryBytes: () => 1.1e8 } },
    "memory",
    "failed",
    "MEMORY_ERROR",
  ],
  [
    "a full disk",
    { home: { ...home, freeBytes: () => Promise.resolve(1e6) } },
    "disk",
    "failed",
    "DISK_FULL",
  ],
  [
    "a disk that is nearly full",
    { home: { ...home, freeBytes: () => Promise.resolve(5e8) } },
    "disk",
    "warning",
    "DISK_FULL",
  ],
  [
    "a GPU that was asked for and is not there",
    settings({ backend: "cuda" }),
    "gpu",
    "warning",
    "BACKEND_UNAVAILABLE",
  ],
  [
    "a log folder that cannot be written",
    { home: { ...home, tryWriting: () => Promise.reject(new Error("EACCES")) } },
    "logs",
    "failed",
    "HOME_NOT_WRITABLE",
  ],
  [
    "a log folder on a full disk",
    {
      home: {
        ...home,
        tryWriting: () => Promise.reject(Object.assign(new Error("no"), { code: "ENOSPC" })),
      },
    },
    "logs",
    "failed",
    "DISK_FULL",
  ],
  [
    "a model without weights",
    { model: { ...model, read: () => Promise.resolve({ ...wholeModel, tensors: 0 }) } },
    "model",
    "failed",
    "MODEL_INVALID",
  ],
  [
    "a truncated model",
    { model: { ...model, read: () => Promise.resolve({ ...wholeModel, sizeBytes: 7_999_999 }) } },
    "model",
    "failed",
    "MODEL_INVALID",
  ],
  [
    "a model that cannot fill in the middle",
    { model: { ...model, familyOf: () => undefined } },
    "model",
    "failed",
    "MODEL_NOT_FIM",
  ],
  [
    "a model whose contents changed",
    {
      model: {
        ...model,
        hash: () => Promise.resolve({ kind: "other", sha256: "a", expected: "b" }),
      },
    },
    "modelHash",
    "failed",
    "MODEL_DAMAGED",
  ],
];
