import { z } from "zod";
import { backendSchema } from "../../protocol/host.ts";

/** What the native library, loaded in a process of its own, says of this machine. */
export const probeWorksSchema = z.object({
  kind: z.literal("works"),
  /** What is used when the wanted backend is asked for. */
  backend: backendSchema.exclude(["auto"]),
  /** Why that is not what was asked for. */
  fallbackReason: z.string().optional(),
  /** Names of the GPUs. */
  devices: z.array(z.string()),
  /** Of all GPUs together. */
  totalBytes: z.number(),
  usedBytes: z.number(),
  /** Of each GPU in the order of `devices`, where the library tells them apart. */
  deviceMemory: z.array(z.object({ totalBytes: z.number(), usedBytes: z.number() })).optional(),
  /** How much of `totalBytes` is the system's own memory. */
  unifiedBytes: z.number().optional(),
  /** Cores that do arithmetic at full speed. */
  mathCores: z.number().optional(),
  /** Bytes a second that one core reads from and writes to memory. */
  memoryBandwidth: z.number().optional(),
});

export type MachineProbe =
  z.infer<typeof probeWorksSchema> | { readonly kind: "missing"; readonly reason: string };
