import { z } from "zod";
import { codedErrorSchema } from "./errors.ts";
import { modelIdSchema, modelSourceSchema } from "./modelCatalogue.ts";

/*
 * What is wanted of a download, and how it stands.
 */

/** What is wanted of a download. */
export const downloadRequestSchema = z.object({
  id: modelIdSchema,
  name: z.string(),
  source: modelSourceSchema,
  quantization: z.string().optional(),
  /** Download what cannot fill in the middle or does not fit, too. */
  force: z.boolean().default(false),
});
export type DownloadRequest = z.infer<typeof downloadRequestSchema>;

/**
 * How a download stands; one file per download in the home, written by whoever downloads, read by
 * all. Complete in itself.
 */
export const downloadStateSchema = z.object({
  version: z.literal(1),
  request: downloadRequestSchema,
  phase: z.enum([
    "waiting",
    "checking",
    "downloading",
    "verifying",
    "paused",
    "failed",
    "cancelled",
    "done",
  ]),
  /** Over all files of a split model. */
  totalBytes: z.number().optional(),
  receivedBytes: z.number(),
  /** Over the last seconds. */
  bytesPerSecond: z.number().optional(),
  secondsLeft: z.number().optional(),
  /** With `waiting` before another try: how many seconds. */
  retryInSeconds: z.number().optional(),
  /** With `waiting`, and `checking` again: which try that is, and how many there are. */
  tries: z.object({ next: z.number(), most: z.number() }).optional(),
  error: codedErrorSchema.optional(),
  /** With `done`: the file to load (the first part of a split model). */
  path: z.string().optional(),
  sha256: z.string().optional(),
  /** The process that downloads. */
  pid: z.number().optional(),
  updatedAt: z.string(),
});
export type DownloadState = z.infer<typeof downloadStateSchema>;
