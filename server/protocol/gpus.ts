import { z } from "zod";
import type { Backend } from "./host.ts";
import { machineFactsSchema, useModelRecordSchema } from "./models.ts";

/** A GPU as the operating system shows it, whether a backend can use it or not. */
export interface VisibleGpu {
  readonly vendor: "nvidia" | "amd" | "intel" | "apple" | "other";
  /** Its name, or its maker's. */
  readonly name: string;
  /** Whether a driver serves it. */
  readonly driver: boolean;
}

/** What this machine has for running a model on a GPU. */
export interface VisibleGpus {
  readonly gpus: readonly VisibleGpu[];
  /** The CUDA runtime's libraries, which the CUDA package needs beside the driver. */
  readonly cudaRuntime: boolean;
  /** The system's own library through which Vulkan finds drivers. */
  readonly vulkanLoader: boolean;
}

/**
 * Why a GPU that is there is not used, as a sentence; undefined where there is none that could be.
 * @param loaded a library for GPUs that was loaded, and found no GPU
 */
export function reasonUnused(found: VisibleGpus, loaded?: string): string | undefined {
  const [gpu] = found.gpus;
  if (gpu === undefined) return undefined;
  const named = `${gpu.name} is not used`;
  if (!gpu.driver) return `${named}: its driver is not loaded.`;
  if (loaded !== undefined) {
    return `${named}: the ${loaded} library was loaded and found no GPU; its ${loaded} driver is missing or too old.`;
  }
  if (!found.vulkanLoader && !(gpu.vendor === "nvidia" && found.cudaRuntime)) {
    const cuda = gpu.vendor === "nvidia" ? " and the CUDA runtime are" : " is";
    return `${named}: the system's Vulkan loader${cuda} missing.`;
  }
  return `${named}: no library for it is installed, or it cannot be loaded.`;
}

/** What this machine lacks for a backend, whatever is installed; undefined: nothing that is known. */
export function obstacleTo(backend: Backend, found: VisibleGpus): string | undefined {
  const hasNvidia = found.gpus.some(({ vendor, driver }) => vendor === "nvidia" && driver);
  if (backend === "cuda" && !hasNvidia) return "there is no NVIDIA driver";
  if (backend === "cuda" && !found.cudaRuntime) {
    return "the CUDA runtime (cudart and cublas, version 12 or 13) is not installed";
  }
  if (backend === "vulkan" && !found.vulkanLoader) return "the system's Vulkan loader is missing";
  return undefined;
}

/** Why the library of a backend cannot be loaded here, as half a sentence. */
export function reasonNotLoaded(backend: Backend, found: VisibleGpus): string {
  return obstacleTo(backend, found) ?? "it is not installed or its driver is missing";
}

/** `starcoder gpu`: the packages with native libraries for GPUs. */
export const packSchema = z.object({
  /** The package's name without scope, such as `linux-x64-cuda`. */
  name: z.string(),
  backend: z.enum(["cuda", "vulkan", "metal", "cpu"]),
  version: z.string(),
  /** `shipped` in the extension, `installed` in the home, `available` to install. */
  status: z.enum(["shipped", "installed", "available"]),
  /** Bytes on disk where it is there. */
  sizeBytes: z.number().optional(),
  integrity: z.string().optional(),
  path: z.string().optional(),
});
export type Pack = z.infer<typeof packSchema>;

export const gpuRecordSchema = z.object({
  machine: machineFactsSchema,
  packs: z.array(packSchema),
  /** With no GPU in use: what each kind of GPU support lacks here, a sentence each. */
  lacking: z.array(z.string()).optional(),
  /** The package that would make a GPU of this machine usable, and why. */
  recommendation: z.object({ name: z.string(), reason: z.string() }).optional(),
  /** With `gpu install`: what was installed, or was there already, and how it answered. */
  installed: z
    .object({
      name: z.string(),
      backend: z.enum(["cuda", "vulkan"]),
      already: z.boolean(),
      devices: z.array(z.string()),
      trial: useModelRecordSchema.shape.trial,
    })
    .optional(),
  /** With `gpu remove`. */
  removed: z.object({ name: z.string(), freedBytes: z.number() }).optional(),
});
export type GpuRecord = z.infer<typeof gpuRecordSchema>;
