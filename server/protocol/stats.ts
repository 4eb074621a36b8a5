import { RequestType0 } from "vscode-jsonrpc";
import { z } from "zod";
import { endpointReportSchema } from "./endpoints.ts";
import { latencySummarySchema } from "./logs.ts";

/*
 * What the service has done for its user, counted on this machine and never sent anywhere.
 */

/** Counts over a span of time. */
export const statsWindowSchema = z.object({
  /** ISO 8601: when the span began. */
  since: z.string(),
  /** Requests for a suggestion, and how they were triggered. */
  requests: z.number(),
  automatic: z.number(),
  invoked: z.number(),
  /** Suggestions returned to the editor. */
  shown: z.number(),
  /** Inferred from the edits that followed: wholly, or the first words or lines of it. */
  acceptedWhole: z.number(),
  acceptedPart: z.number(),
  /** Of the accepted ones: still there after 30 s and 5 min, of so many that could be looked at. */
  kept30s: z.number(),
  judged30s: z.number(),
  kept5min: z.number(),
  judged5min: z.number(),
  /** UTF-16 code units that were accepted instead of typed. */
  charactersSaved: z.number(),
  /** Why nothing was suggested: reason → count. */
  nothing: z.record(z.string(), z.number()),
  /** Error code → count. */
  errors: z.record(z.string(), z.number()),
  reviews: z.number(),
  findings: z.number(),
  /**
   * Milliseconds. `queue`, `prefill` and `decode` of what the model wrote for keys, also where the key
   * was cancelled and a later one got the text; `total` of answers, without cancelled requests.
   * Percentiles are off by 4.8 % at most, `max` is exact.
   */
  latency: z.object({
    queue: latencySummarySchema,
    prefill: latencySummarySchema,
    decode: latencySummarySchema,
    total: latencySummarySchema,
    review: latencySummarySchema,
  }),
  /** `hedged`: what remote engines did in vain, in none of the others; see `usageSchema`. */
  tokens: z.object({
    evaluated: z.number(),
    reused: z.number(),
    generated: z.number(),
    hedged: z.number(),
  }),
  /** Suggestions that needed no model call, by where they came from. */
  fromCache: z.number(),
  joined: z.number(),
  /** `fromCache / shown`, 0 to 1; absent when nothing was shown. */
  cacheHitRate: z.number().optional(),
  /** Tokens a second, from tokens and time of the span; absent when too little was measured. */
  speed: z.object({ prefill: z.number().optional(), decode: z.number().optional() }),
});
export type StatsWindow = z.infer<typeof statsWindowSchema>;

/** Five minutes of the last day, for charts. */
export const statsStepSchema = z.object({
  /** ISO 8601: when the step began. */
  time: z.string(),
  requests: z.number(),
  shown: z.number(),
  accepted: z.number(),
  errors: z.number(),
  p50Ms: z.number().optional(),
  p95Ms: z.number().optional(),
  evaluatedTokens: z.number(),
  generatedTokens: z.number(),
});
export type StatsStep = z.infer<typeof statsStepSchema>;

/** `starcoder/stats` and `starcoder stats`. */
export const statsSchema = z.object({
  /** Counted on this machine only, never sent: said to whoever reads this. */
  note: z.string(),
  /** Since this server started; absent from the command line, which is no server. */
  session: statsWindowSchema.optional(),
  hour: statsWindowSchema,
  day: statsWindowSchema,
  /** Since counting began on this machine. */
  total: statsWindowSchema,
  steps: z.array(statsStepSchema),
  /** Remote engines of the servers that run, each since that server began to use it. */
  remotes: z.array(endpointReportSchema).optional(),
  memory: z.object({
    serverBytes: z.number().optional(),
    hostBytes: z.number().optional(),
    modelBytes: z.number().optional(),
  }),
});
export type Stats = z.infer<typeof statsSchema>;

/** Client → server. */
export const statsRequest = new RequestType0<Stats, void>("starcoder/stats");
