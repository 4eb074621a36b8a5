import { NotificationType, RequestType } from "vscode-jsonrpc";
import { z } from "zod";
import { errorCodes } from "./errors.ts";
import { logLevelSchema } from "./logs.ts";

/*
 * Restart, rebuild, reset, backup and debug mode.
 */

/** What can be restarted. */
export const serviceSchema = z.enum(["host", "server", "all"]);
export type Service = z.infer<typeof serviceSchema>;

export const restartParamsSchema = z.object({ service: serviceSchema.default("host") });
export type RestartParams = z.input<typeof restartParamsSchema>;
export const restartResultSchema = z.object({
  service: serviceSchema,
  /** A server cannot start itself anew: with `server` and `all` the client is asked to. */
  clientMustRestart: z.boolean(),
});
export type RestartResult = z.infer<typeof restartResultSchema>;

/** Client → server: end the model host and start it anew; answers when asked for, not when ready. */
export const restartRequest = new RequestType<RestartParams, RestartResult, void>(
  "starcoder/restart",
);

/** One step of a repair and what came of it. */
export const repairStepSchema = z.object({
  name: z.string(),
  title: z.string(),
  status: z.enum(["ok", "skipped", "failed"]),
  message: z.string(),
  code: z.enum(errorCodes).optional(),
  durationMs: z.number(),
});
export type RepairStep = z.infer<typeof repairStepSchema>;

/** `starcoder rebuild` and `starcoder restart`. */
export const repairRecordSchema = z.object({ ok: z.boolean(), steps: z.array(repairStepSchema) });
export type RepairRecord = z.infer<typeof repairRecordSchema>;

/** What a reset would delete, or has deleted. */
export const resetRecordSchema = z.object({
  home: z.string(),
  items: z.array(
    z.object({ name: z.string(), path: z.string(), files: z.number(), bytes: z.number() }),
  ),
  /** False: this is only the plan. */
  done: z.boolean(),
  /** Where what can be restored was saved before. */
  backup: z.string().optional(),
});
export type ResetRecord = z.infer<typeof resetRecordSchema>;

/** The form of backups that this version writes and reads. */
export const backupVersion = 1;

/** `manifest.json` inside a backup, which is a zip file. */
export const backupManifestSchema = z.object({
  format: z.literal("starcoder-backup"),
  version: z.number().int(),
  productVersion: z.string(),
  createdAt: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
});
export type BackupManifest = z.infer<typeof backupManifestSchema>;

/** `starcoder backup` and `starcoder restore`. */
export const backupRecordSchema = z.object({
  path: z.string(),
  manifest: backupManifestSchema,
  /** With `restore`: the editor's settings as they were, `starcoder.*` without the prefix. */
  settings: z.record(z.string(), z.unknown()).optional(),
  /** With `restore`: what was there before, saved. */
  previous: z.string().optional(),
  /** With `restore`: files of the backup that were left as they are here, and why. */
  leftOut: z.array(z.object({ name: z.string(), reason: z.string() })).optional(),
});
export type BackupRecord = z.infer<typeof backupRecordSchema>;

export const debugModeParamsSchema = z.object({
  on: z.boolean(),
  /** Whether inspector ports are opened, too. */
  inspector: z.boolean().default(false),
});
export type DebugModeParams = z.input<typeof debugModeParamsSchema>;
export const debugModeResultSchema = z.object({
  on: z.boolean(),
  level: logLevelSchema,
  /** Addresses for a debugger, on this machine only. */
  inspectors: z.array(z.object({ service: z.enum(["server", "host"]), url: z.string() })),
});
export type DebugModeResult = z.infer<typeof debugModeResultSchema>;

/** Client → server: log everything and trace requests, or stop doing so. */
export const debugModeRequest = new RequestType<DebugModeParams, DebugModeResult, void>(
  "starcoder/debugMode",
);

/** Server → client: someone else asked for this server to be started anew. */
export const restartMeNotification = new NotificationType<Record<string, never>>(
  "starcoder/restartMe",
);
