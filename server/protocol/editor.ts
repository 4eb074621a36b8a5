import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import { z } from "zod";
import { doctorReportSchema, type DoctorReport } from "./records.ts";
import { codedErrorSchema, errorCodes } from "./errors.ts";
import { backendSchema, hostHealthSchema } from "./host.ts";
import { settingProblemSchema } from "./parseSettings.ts";

/*
 * What the language server and its client say to each other beyond LSP: typed messages and their
 * schemas, nothing else. Both sides parse what they receive.
 */

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
  requested: backendSchema,
  used: backendSchema.exclude(["auto"]),
  fallbackReason: z.string().optional(),
});

/** The state of the service, complete in itself: a client replaces what it had. */
export const statusSchema = z.object({
  state: serviceStateSchema,
  /** One line for a person. */
  message: z.string(),
  /** With `error`, and with `starting` after a crash: the code from the error table. */
  code: z.enum(errorCodes).optional(),
  remedy: z.string().optional(),
  /** Buttons to offer, from the error table. */
  actions: z.array(z.enum(["restart", "showLog", "openSettings", "useBundledModel", "doctor"])),
  model: modelSummarySchema.optional(),
  backend: backendSummarySchema.optional(),
  /** Settings that were not valid; their defaults are in force. */
  settingProblems: z.array(settingProblemSchema),
});
export type Status = z.infer<typeof statusSchema>;

/** Server → client, on every change. */
export const statusNotification = new NotificationType<Status>("starcoder/status");

export const healthSchema = z.object({
  server: z.object({
    version: z.string(),
    pid: z.number(),
    uptimeSeconds: z.number(),
    residentBytes: z.number(),
  }),
  status: statusSchema,
  /** Absent while no host is connected; `hostError` then says why. */
  host: hostHealthSchema.optional(),
  hostError: codedErrorSchema.optional(),
});
export type Health = z.infer<typeof healthSchema>;

/** Client → server: a snapshot of server and host. */
export const healthRequest = new RequestType0<Health, void>("starcoder/health");

/** What can be restarted. */
export const serviceSchema = z.enum(["host"]);
export const restartParamsSchema = z.object({ service: serviceSchema.default("host") });
export type RestartParams = z.input<typeof restartParamsSchema>;
export const restartResultSchema = z.object({ service: serviceSchema });
export type RestartResult = z.infer<typeof restartResultSchema>;

/** Client → server: end the model host and start it anew; answers when asked for, not when ready. */
export const restartRequest = new RequestType<RestartParams, RestartResult, void>(
  "starcoder/restart",
);

/** Client → server: run the doctor's checks. */
export const doctorRequest = new RequestType0<DoctorReport, void>("starcoder/doctor");
export { doctorReportSchema };

export const cursorParamsSchema = z.object({
  textDocument: z.object({ uri: z.string() }),
  position: z.object({ line: z.number().int().min(0), character: z.number().int().min(0) }),
});
export type CursorParams = z.infer<typeof cursorParamsSchema>;

export const lateSuggestionSchema = z.object({
  uri: z.string(),
  /** Of the document when the suggestion was asked for. */
  version: z.number(),
  position: cursorParamsSchema.shape.position,
});
export type LateSuggestion = z.infer<typeof lateSuggestionSchema>;

/**
 * Server → client: an automatic request was answered with nothing, since its deadline had passed or
 * the model was still starting, and is worth asking again now. A client whose cursor still is there
 * may do so.
 */
export const lateSuggestionNotification = new NotificationType<LateSuggestion>(
  "starcoder/lateSuggestion",
);

/**
 * Client → server: the cursor rests here (editor activated, selection moved and left alone), so that
 * the prompt of the next key can be warmed. Optional: a client that never sends it only waits longer.
 */
export const cursorNotification = new NotificationType<CursorParams>("starcoder/cursor");
