import { z } from "zod";
import { errorCodes } from "./errors.ts";

/*
 * Log records as they stand in the files, what is asked of them, and what the log reader answers.
 */

/** From most to least important; `off` writes nothing. */
export const logLevels = ["off", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];
export const logLevelSchema = z.enum(logLevels);

/** Which part of the product speaks. */
export const logServices = ["server", "completion", "review", "workflow", "host"] as const;
export type LogService = (typeof logServices)[number];
export const logServiceSchema = z.enum(logServices);

/** The environment variable that goes before `starcoder.log.level`. */
export const logLevelVariable = "STARCODER_LOG_LEVEL";

/** One line of a log file. Fields beyond the named ones are kept as they are. */
export const logRecordSchema = z.looseObject({
  /** ISO 8601, UTC. */
  time: z.string(),
  level: logLevelSchema.exclude(["off"]),
  service: logServiceSchema,
  /** A short stable phrase; particulars go into the fields. */
  message: z.string(),
  pid: z.number().optional(),
  /** From the error table, or what another version's table had. */
  code: z.string().optional(),
  /** The same from keystroke to token, across processes. */
  requestId: z.string().optional(),
  durationMs: z.number().optional(),
  /** Evaluated and generated. */
  tokensUsed: z.number().optional(),
});
export type LogEntry = z.infer<typeof logRecordSchema>;

/** Which records are wanted; what is left out does not restrict. */
export const logFilterSchema = z.object({
  services: z.array(logServiceSchema).optional(),
  /** This level and what is more important. */
  level: logLevelSchema.exclude(["off"]).optional(),
  /** ISO 8601, inclusive. */
  since: z.string().optional(),
  until: z.string().optional(),
  /** Anywhere in the record's line, whatever the case. */
  text: z.string().optional(),
  code: z.string().optional(),
  requestId: z.string().optional(),
});
export type LogFilter = z.infer<typeof logFilterSchema>;

/** A file that records were read from. */
export const logFileSchema = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  /** Lines that were no records: cut off, damaged, of another form. */
  brokenLines: z.number().optional(),
  /** Why it could not be read. */
  error: z.string().optional(),
});
export type LogFile = z.infer<typeof logFileSchema>;

/** A record with where it stands, so that it can be found again. */
export const logRowSchema = z.object({
  record: logRecordSchema,
  path: z.string(),
  /** Bytes from the start of the file. */
  offset: z.number(),
});
export type LogRow = z.infer<typeof logRowSchema>;

/** `starcoder logs --json`: the records that match, oldest first. */
export const logsRecordSchema = z.object({
  files: z.array(logFileSchema),
  records: z.array(logRecordSchema),
});
export type LogsRecord = z.infer<typeof logsRecordSchema>;

/** Some rows of a query, oldest first. */
export const logPageSchema = z.object({
  /** Index of the first row among all that match, oldest first; -1 while that is not counted yet. */
  from: z.number(),
  rows: z.array(logRowSchema),
});
export type LogPage = z.infer<typeof logPageSchema>;

/** How far a query has come. */
export const logProgressSchema = z.object({
  query: z.number(),
  matches: z.number(),
  scannedBytes: z.number(),
  totalBytes: z.number(),
  done: z.boolean(),
  files: z.array(logFileSchema),
});
export type LogProgress = z.infer<typeof logProgressSchema>;

export const latencySummarySchema = z.object({
  count: z.number(),
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});
/** Milliseconds. */
export type LatencySummary = z.infer<typeof latencySummarySchema>;

/** `connection`, `timeout` …: what failures have in common, whatever their words. */
export const logPatternNames = [
  "connection",
  "timeout",
  "memory",
  "gpu",
  "disk",
  "permission",
  "corrupt-model",
] as const;

const slowRequestSchema = z.object({
  requestId: z.string().optional(),
  service: logServiceSchema,
  time: z.string(),
  message: z.string(),
  durationMs: z.number().optional(),
  tokensUsed: z.number().optional(),
});

/** `starcoder logs analyse`. */
export const logAnalysisSchema = z.object({
  /** Times of the first and last record that count; absent when there are none. */
  from: z.string().optional(),
  to: z.string().optional(),
  records: z.number(),
  brokenLines: z.number(),
  files: z.array(logFileSchema),
  levels: z.record(z.string(), z.number()),
  services: z.record(z.string(), z.number()),
  /** By frequency. */
  errors: z.array(
    z.object({
      /** From the table; absent where the record had none. */
      code: z.enum(errorCodes).optional(),
      message: z.string(),
      count: z.number(),
      firstTime: z.string(),
      lastTime: z.string(),
      services: z.array(logServiceSchema),
      remedy: z.string().optional(),
      /** A request to look at. */
      requestId: z.string().optional(),
    }),
  ),
  /** Of records with a duration, by service. */
  latency: z.record(z.string(), latencySummarySchema),
  slowest: z.array(slowRequestSchema),
  mostTokens: z.array(slowRequestSchema),
  restarts: z.array(z.object({ time: z.string(), service: logServiceSchema, message: z.string() })),
  patterns: z.array(
    z.object({
      name: z.enum(logPatternNames),
      count: z.number(),
      lastTime: z.string(),
      example: z.string(),
      /** What to do, for people. */
      remedy: z.string(),
    }),
  ),
  /** Counts over time, at most 120 steps, for a chart. */
  timeline: z.object({
    /** Milliseconds of one step. */
    stepMs: z.number(),
    steps: z.array(
      z.object({
        time: z.string(),
        error: z.number(),
        warn: z.number(),
        info: z.number(),
        debug: z.number(),
        /** Median of the durations in the step, in milliseconds. */
        medianMs: z.number().optional(),
      }),
    ),
  }),
});
export type LogAnalysis = z.infer<typeof logAnalysisSchema>;
