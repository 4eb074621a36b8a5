import { z } from "zod";
import { errorActions, errorCodes } from "./errors.ts";
import { backendSchema } from "./host.ts";
import { settingProblemSchema } from "./parseSettings.ts";

/** `ok`: ready; `busy`: a suggestion is being computed; `error`: nothing works until remedied. */
export const serviceStateSchema = z.enum(["ok", "busy", "starting", "error", "off"]);
export type ServiceState = z.infer<typeof serviceStateSchema>;

/** A model as people are told of it. */
export const modelSummarySchema = z.object({
  name: z.string(),
  path: z.string(),
  /** The bundled starter model, which is small: a larger one can be configured. */
  starter: z.boolean(),
  architecture: z.string(),
  parameters: z.number(),
  quantization: z.string(),
  contextSize: z.number(),
});
export type ModelSummary = z.infer<typeof modelSummarySchema>;

/** The backend as requested and as used, and why they differ. */
export const backendSummarySchema = z.object({
  requested: backendSchema.or(z.literal("remote")),
  /** `remote`: an engine that is not on this machine, or behind an address. */
  used: backendSchema.exclude(["auto"]).or(z.literal("remote")),
  fallbackReason: z.string().optional(),
});

/** What does not work although the service does: worth a message with buttons, once. */
export const statusProblemSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  remedy: z.string(),
  actions: z.array(z.enum(errorActions)),
});
export type StatusProblem = z.infer<typeof statusProblemSchema>;

/** The state of the service, complete in itself: a client replaces what it had. */
export const statusSchema = z.object({
  state: serviceStateSchema,
  /** One line for a person. */
  message: z.string(),
  /** With `error`, and with `starting` after a crash: the code from the error table. */
  code: z.enum(errorCodes).optional(),
  remedy: z.string().optional(),
  /** Buttons to offer, from the error table. */
  actions: z.array(z.enum(errorActions)),
  model: modelSummarySchema.optional(),
  backend: backendSummarySchema.optional(),
  /** The memory of the model was given back; the next key loads it again. */
  unloaded: z.boolean().optional(),
  /** File of the model that is being loaded to take over; until then `model` serves. */
  switchingTo: z.string().optional(),
  /** Such as a chosen model that does not work: `model` is the one before. */
  problem: statusProblemSchema.optional(),
  /** Remote engines, where they are used: how many of how many are up. */
  endpoints: z.object({ up: z.number().int(), total: z.number().int() }).optional(),
  /** Settings that were not valid; their defaults are in force. */
  settingProblems: z.array(settingProblemSchema),
});
export type Status = z.infer<typeof statusSchema>;
