import { NotificationType } from "vscode-jsonrpc";
import { z } from "zod";
import { codedErrorSchema } from "./errors.ts";

/*
 * Remote engines as people and programs are told of them, and the keys that only the editor keeps.
 */

/** What a server speaks, found by probing it; `openai`: completions and nothing more is known. */
export const endpointKindSchema = z.enum(["llama-server", "vllm", "tgi", "openai"]);
export type EndpointKind = z.infer<typeof endpointKindSchema>;

/** Where an endpoint stands. */
export const endpointStateSchema = z.enum([
  /** Not answered yet. */
  "probing",
  /** In use. */
  "up",
  /** Left out after failures; tried again by itself. */
  "ejected",
  /** Not usable until a setting changes: wrong key, wrong model, no completions server. */
  "failed",
]);

/** One endpoint of `starcoder.remote.endpoints`, as health, doctor, status and API show it. */
export const endpointStatusSchema = z.object({
  name: z.string(),
  /** Without user, password and query. */
  url: z.string(),
  kind: endpointKindSchema.optional(),
  model: z.string().optional(),
  state: endpointStateSchema,
  /** Why it is not up. */
  error: codedErrorSchema.optional(),
  /** Milliseconds until an ejected one is tried again. */
  retryInMs: z.number().min(0).optional(),
  inFlight: z.number().int().min(0),
  requests: z.number().int().min(0),
  failures: z.number().int().min(0),
  /**
   * What it was made to do since this process began to use it, as far as it tells. `hedged`: of the
   * evaluated and generated ones those that were in vain, since a request that was late was asked
   * of another one, too, whose text was taken.
   */
  tokens: z.object({
    evaluated: z.number(),
    reused: z.number(),
    generated: z.number(),
    hedged: z.number(),
  }),
  /** Time to the first token, in milliseconds, of the last requests. */
  firstTokenMs: z.object({ p50: z.number(), p95: z.number() }).optional(),
  /** What it cannot do, as sentences for people, such as that it gives no probabilities of a prompt. */
  limits: z.array(z.string()),
});
export type EndpointStatus = z.infer<typeof endpointStatusSchema>;

/** What one server knows of its remote engines; for the other programs of its home. */
export const endpointReportSchema = z.object({
  pid: z.number().int().positive(),
  /** Whose they are, such as `language server`. */
  name: z.string(),
  /** ISO 8601: when that was so. */
  time: z.string(),
  endpoints: z.array(endpointStatusSchema),
});
export type EndpointReport = z.infer<typeof endpointReportSchema>;

export const endpointKeysSchema = z.object({
  /** Key by the `url` of an entry, exactly as the setting has it. */
  keys: z.record(z.string(), z.string()),
});
export type EndpointKeys = z.infer<typeof endpointKeysSchema>;

/**
 * Client → server, once the client is initialized and on each change: the keys of endpoints that the
 * editor's secret storage holds. They are kept in memory only. One given here goes before the
 * environment variable of its entry.
 */
export const endpointKeysNotification = new NotificationType<EndpointKeys>(
  "starcoder/endpointKeys",
);
