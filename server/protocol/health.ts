import { RequestType0 } from "vscode-jsonrpc";
import { z } from "zod";
import { codedErrorSchema, errorActions, errorCodes } from "./errors.ts";
import { hostHealthSchema } from "./host.ts";
import { logLevelSchema, logServiceSchema } from "./logs.ts";
import { endpointStatusSchema } from "./endpoints.ts";
import { backendSummarySchema, statusSchema } from "./status.ts";

/*
 * How the services are, as the health view and scripts see it.
 */

/** A service, whether it is a process of its own or a part of one. */
export const serviceHealthSchema = z.object({
  name: logServiceSchema,
  state: z.enum(["ok", "busy", "starting", "error", "off", "unknown"]),
  /** One line for a person. */
  message: z.string(),
  version: z.string().optional(),
  pid: z.number().optional(),
  uptimeSeconds: z.number().optional(),
  residentBytes: z.number().optional(),
  lastError: z
    .object({ time: z.string(), code: z.enum(errorCodes).optional(), message: z.string() })
    .optional(),
  /** What remedies the state, as buttons. */
  actions: z.array(z.enum(errorActions)),
});
export type ServiceHealth = z.infer<typeof serviceHealthSchema>;

/** Another window's language server, by its file in the run folder. */
export const serverProcessSchema = z.object({
  pid: z.number(),
  version: z.string(),
  startedAt: z.string(),
  /** Absent where the system does not tell. */
  residentBytes: z.number().optional(),
  /** The one that answers. */
  self: z.boolean(),
});

/** One request, for the live charts. */
export const recentRequestSchema = z.object({
  time: z.string(),
  requestId: z.string(),
  service: logServiceSchema,
  totalMs: z.number(),
  queueMs: z.number().optional(),
  prefillMs: z.number().optional(),
  decodeMs: z.number().optional(),
  evaluatedTokens: z.number().optional(),
  reusedTokens: z.number().optional(),
  generatedTokens: z.number().optional(),
  hedgedTokens: z.number().optional(),
  /** `suggestion`, a reason why there was none, or an error code. */
  outcome: z.string(),
});
export type RecentRequest = z.infer<typeof recentRequestSchema>;

export const healthSchema = z.object({
  /** When this was gathered. */
  time: z.string(),
  server: z.object({
    version: z.string(),
    pid: z.number(),
    uptimeSeconds: z.number(),
    residentBytes: z.number(),
  }),
  status: statusSchema,
  /** Absent while no host is connected or it does not answer in time; `hostError` then says why. */
  host: hostHealthSchema.optional(),
  hostError: codedErrorSchema.optional(),
  services: z.array(serviceHealthSchema),
  /** All language servers of this home. */
  servers: z.array(serverProcessSchema),
  model: z
    .object({
      name: z.string(),
      path: z.string(),
      starter: z.boolean(),
      sizeBytes: z.number(),
      architecture: z.string(),
      parameters: z.number(),
      quantization: z.string(),
      contextSize: z.number(),
      trainContextSize: z.number(),
      /** FIM family, such as `starcoder2`; absent: it cannot fill in the middle. */
      family: z.string().optional(),
      /** `SPM`: the anchor is the window's start; `PSM, anchored`: some lines above the cursor. */
      fimOrder: z.string().optional(),
    })
    .optional(),
  backend: backendSummarySchema.optional(),
  /** Remote engines that the settings name. */
  endpoints: z.array(endpointStatusSchema).optional(),
  /** Tokens a second, measured while running. */
  speed: z.object({ prefill: z.number().optional(), decode: z.number().optional() }).optional(),
  memory: z.object({
    totalBytes: z.number(),
    freeBytes: z.number(),
    serversBytes: z.number(),
    hostBytes: z.number().optional(),
    gpu: z.object({ totalBytes: z.number(), usedBytes: z.number() }).optional(),
  }),
  /** Downloads of models that run at the moment, whoever downloads. */
  downloads: z.number().optional(),
  logs: z.object({ folder: z.string(), level: logLevelSchema, source: z.boolean() }),
  /** Oldest first, at most 120. */
  recent: z.array(recentRequestSchema),
});
export type Health = z.infer<typeof healthSchema>;

/** Client → server: a snapshot of server and host; answers within some seconds whatever hangs. */
export const healthRequest = new RequestType0<Health, void>("starcoder/health");
