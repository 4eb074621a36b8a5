import { z } from "zod";
import { codedErrorSchema, errorActions } from "./errors.ts";
import { logFilterSchema, logLevelSchema } from "./logs.ts";
import { statusSchema } from "./status.ts";

/*
 * What views and the extension say to each other: a request has one response, events go to the view
 * unasked. The log reader, a process of its own, speaks the same over its IPC channel, so that the
 * extension only passes on.
 */

export const viewRequestSchema = z.object({
  kind: z.literal("request"),
  id: z.number(),
  method: z.string(),
  params: z.unknown(),
});
export const viewResponseSchema = z.object({
  kind: z.literal("response"),
  id: z.number(),
  result: z.unknown().optional(),
  /** Set when it failed. */
  error: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).optional(),
});
export const viewEventSchema = z.object({
  kind: z.literal("event"),
  name: z.string(),
  data: z.unknown(),
});
export const viewMessageSchema = z.discriminatedUnion("kind", [
  viewRequestSchema,
  viewResponseSchema,
  viewEventSchema,
]);
export type ViewRequest = z.infer<typeof viewRequestSchema>;
export type ViewResponse = z.infer<typeof viewResponseSchema>;
export type ViewEvent = z.infer<typeof viewEventSchema>;
export type ViewMessage = z.infer<typeof viewMessageSchema>;

/** Requests that every view may make of the extension. */
export const commonViewRequests = {
  /** Runs the command behind a remedy. */
  act: z.object({ action: z.enum(errorActions) }),
  copy: z.object({ text: z.string() }),
  openFile: z.object({ path: z.string(), offset: z.number().optional() }),
  /** Opens the log viewer on these records. */
  showLogs: z.object({ filter: logFilterSchema }),
} as const;

/**
 * Requests of the log viewer, answered by the log reader.
 * - `query` → `{query, page: logPageSchema, progress}`: the newest rows at once; the rest is counted
 *   in the background and told by `progress` events. A new query ends the one before.
 * - `page` → `logPageSchema`
 * - `follow` → `{}`; new rows come as `rows` events (`{query, rows}`)
 * - `analyse` → `logAnalysisSchema`
 * - `files` → `{folder, files}`
 */
export const logReaderRequests = {
  query: z.object({ filter: logFilterSchema, count: z.number().int().min(1).max(1000) }),
  page: z.object({
    query: z.number(),
    from: z.number().int().min(0),
    count: z.number().int().min(1).max(1000),
  }),
  follow: z.object({ query: z.number(), on: z.boolean() }),
  analyse: z.object({ filter: logFilterSchema }),
  files: z.object({}),
} as const;

/**
 * Arguments for Node that the log reader is started with. It makes little that dies young: room for
 * more only makes the process larger.
 */
export const logReaderNodeArguments = ["--max-semi-space-size=1"] as const;

/** Events to the log viewer. */
export const logReaderEvents = ["progress", "rows"] as const;

/** Where the window's language server stands, as the extension sees it. */
export const serverViewSchema = z.object({
  serverState: z.enum(["stopped", "starting", "running", "restarting", "failed"]),
  /** One line for a person. */
  reason: z.string(),
  /** Absent while it runs, and while it starts for the first time. */
  error: codedErrorSchema.optional(),
});
export type ServerView = z.infer<typeof serverViewSchema>;

/** What the health view opens with, before anything was asked. */
export const healthInitialSchema = z.object({
  server: serverViewSchema,
  /** The last status that the server told. */
  status: statusSchema.optional(),
  /** Whether the diagnosis runs at once. */
  diagnose: z.boolean(),
});
export type HealthInitial = z.infer<typeof healthInitialSchema>;

/**
 * Events to the health view: `visible` (`{visible}`), `server` (`serverViewSchema`), `status`
 * (`statusSchema`), `diagnose` (`{}`: run it now), `progress` (`{line}` of the diagnosis).
 */
export const healthViewEvents = {
  visible: z.object({ visible: z.boolean() }),
  server: serverViewSchema,
  status: statusSchema,
  diagnose: z.object({}),
  progress: z.object({ line: z.string() }),
} as const;

/**
 * Requests of the health view to the extension.
 * - `health` → `healthSchema`, or `serverViewSchema` while no server runs
 * - `stats` → `statsSchema`
 * - `diagnose` → `doctorReportSchema`
 */
export const healthViewRequests = {
  health: z.object({}),
  stats: z.object({}),
  diagnose: z.object({ full: z.boolean() }),
} as const;

/** What the log viewer starts with. */
export const logsInitialSchema = z.object({
  tab: z.enum(["records", "analysis"]),
  /** Left out: as the view was left, or everything. */
  filter: logFilterSchema.optional(),
  /** What is in force for the processes of this window. */
  level: logLevelSchema,
});
export type LogsInitial = z.infer<typeof logsInitialSchema>;

/**
 * Events to the log viewer beside those of the log reader: `open` (show this), `level` (the level has
 * changed), `reader` (the reader's process has ended: it was started again and knows no query, or it
 * stays down until `restartReader`).
 */
export const logsViewEvents = {
  open: logsInitialSchema.pick({ tab: true, filter: true }),
  level: z.object({ level: logLevelSchema }),
  reader: z.object({ state: z.enum(["restarted", "stopped"]), reason: z.string() }),
} as const;

/** Requests of the log viewer to the extension, each answered with `{}`. */
export const logsViewRequests = {
  /** Starts the log reader anew. */
  restartReader: z.object({}),
  /** Opens the folder of the log files, where the system can, or lists it. */
  openFolder: z.object({}),
  /** Opens the setting of the level. */
  openLogSettings: z.object({}),
} as const;
