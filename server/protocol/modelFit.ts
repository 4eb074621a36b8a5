import { z } from "zod";
import { backendSchema, kvTypeSchema } from "./host.ts";

/*
 * What a machine has, and how a model would run on it. Figures are bytes, tokens, seconds.
 */

/** A GPU as the backend sees it. */
export const gpuSchema = z.object({
  name: z.string(),
  totalBytes: z.number(),
  freeBytes: z.number(),
  /** Its memory is the system's own. */
  unified: z.boolean().optional(),
});

/** What this machine has. */
export const machineFactsSchema = z.object({
  cpu: z.string(),
  /** Cores that do arithmetic at full speed. */
  cores: z.number().int(),
  totalBytes: z.number(),
  /** What programs can still take, memory limits of containers included. */
  availableBytes: z.number(),
  /** The backend that works best here. */
  backend: backendSchema.exclude(["auto"]),
  /** Why a GPU that is there is not used. */
  fallbackReason: z.string().optional(),
  gpus: z.array(gpuSchema),
  /** Free bytes where models are kept. */
  diskFreeBytes: z.number(),
  /** Bytes a second that the memory of the backend delivers, as measured; absent until it was. */
  memoryBandwidth: z.number().optional(),
});
export type MachineFacts = z.infer<typeof machineFactsSchema>;

/** How a model would run here. */
export const modelFitSchema = z.object({
  /** `fits`; `slow`: it runs, but slower than typing needs; `tooLarge`: it does not run. */
  verdict: z.enum(["fits", "slow", "tooLarge"]),
  weightsBytes: z.number(),
  /** Keys and values of all sequences at `contextSize`. */
  kvBytes: z.number(),
  computeBytes: z.number(),
  /** The largest context that fits, at most what it was trained on and the product uses. */
  contextSize: z.number(),
  layers: z.number(),
  /** Of them on the GPU. */
  gpuLayers: z.number(),
  kvType: kvTypeSchema,
  /** Expected tokens a second; absent where nothing was measured that tells. */
  prefillPerSecond: z.number().optional(),
  decodePerSecond: z.number().optional(),
  /** One sentence with figures. */
  reason: z.string(),
});
export type ModelFit = z.infer<typeof modelFitSchema>;
