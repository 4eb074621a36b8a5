import { z } from "zod";
import { codedErrorSchema, errorActions, errorCodes } from "./errors.ts";
import { usageSchema } from "./host.ts";
import { backendSummarySchema } from "./status.ts";
import { recommendationSchema, reviewResultSchema } from "./review.ts";

/*
 * The documents that the command line prints with `--json`, one schema a command.
 */

/** What one check of the doctor found. */
export const doctorCheckSchema = z.object({
  /** Stable name, such as `node` or `model`. */
  name: z.string(),
  title: z.string(),
  group: z.enum(["machine", "model", "service", "editor", "network"]),
  /** `skipped`: what it looks at is not known here, or only with `--full`. */
  status: z.enum(["ok", "warning", "failed", "timeout", "skipped"]),
  /** What was seen, with figures. */
  message: z.string(),
  /** Why it matters. */
  why: z.string(),
  /** With `failed` and `warning`, where the table has one. */
  code: z.enum(errorCodes).optional(),
  remedy: z.string().optional(),
  /** What does the remedy: buttons, and commands for a terminal. */
  fixes: z.array(
    z.object({
      action: z.enum(errorActions),
      label: z.string(),
      cli: z.string().optional(),
    }),
  ),
  durationMs: z.number(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

/** `starcoder doctor`; `ok` is false when a check failed or timed out. */
export const doctorReportSchema = z.object({
  ok: z.boolean(),
  /** Whether the slow checks ran, too. */
  full: z.boolean(),
  time: z.string(),
  version: z.string(),
  platform: z.string(),
  checks: z.array(doctorCheckSchema),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;

/** `starcoder report --json`. */
export const reportRecordSchema = z.object({
  /** The whole page. */
  markdown: z.string(),
  /** Where the zip file with page and logs was written, if it was asked for. */
  zip: z.string().optional(),
  /** How many secrets and private paths were taken out. */
  redactions: z.number(),
});
export type ReportRecord = z.infer<typeof reportRecordSchema>;

/** `starcoder complete FILE:LINE:COL`. */
export const completeRecordSchema = z.object({
  file: z.string(),
  /** Both count from 1. */
  line: z.number(),
  column: z.number(),
  /** Null when there is nothing to suggest; `reason` then says why. */
  suggestion: z.string().nullable(),
  reason: z.string().optional(),
  probability: z.number().optional(),
  latency: z.object({
    /** Milliseconds until the model was ready; near 0 when a host was running. */
    startMs: z.number(),
    /** Milliseconds of the request itself. */
    completionMs: z.number(),
    queueMs: z.number().optional(),
    prefillMs: z.number().optional(),
    decodeMs: z.number().optional(),
  }),
  usage: usageSchema.optional(),
  model: z.object({ name: z.string(), path: z.string(), starter: z.boolean() }),
  backend: backendSummarySchema.omit({ requested: true }),
  /** State of the service afterwards. */
  state: z.string(),
});
export type CompleteRecord = z.infer<typeof completeRecordSchema>;

/** `starcoder review`. */
export const reviewRecordSchema = z.object({
  files: z.array(
    z.object({
      /** Absolute. */
      file: z.string(),
      /** Absent where the file could not be read: see `error`. */
      result: reviewResultSchema.optional(),
      error: codedErrorSchema.optional(),
    }),
  ),
  /** Over all files, most useful first. */
  recommendations: z.array(recommendationSchema.omit({ lines: true })),
  model: z.object({ name: z.string(), path: z.string(), starter: z.boolean() }).optional(),
  backend: backendSummarySchema.omit({ requested: true }).optional(),
});
export type ReviewRecord = z.infer<typeof reviewRecordSchema>;

/** What `--json` prints instead of the record when a command fails with an error from the table. */
export const errorRecordSchema = z.object({ error: codedErrorSchema });
export type ErrorRecord = z.infer<typeof errorRecordSchema>;
