import { NotificationType, RequestType } from "vscode-jsonrpc";
import { z } from "zod";
import { promptPartSchema, prioritySchema, requestIdSchema, usageSchema } from "./hostPrompt.ts";

export const scoreParamsSchema = z.object({
  requestId: requestIdSchema,
  /** What comes before; shared by all candidates and kept in the KV cache. */
  prefix: z.array(promptPartSchema),
  /** Texts whose tokens are scored after the prefix, each on its own. */
  candidates: z.array(z.string()),
  priority: prioritySchema,
});
export type ScoreParams = z.infer<typeof scoreParamsSchema>;

export const scoredTokenSchema = z.object({
  text: z.string(),
  logProbability: z.number(),
  /** The likeliest token at this place and its log-probability. */
  best: z.string(),
  bestLogProbability: z.number(),
});
export const scoreResultSchema = z.object({
  candidates: z.array(z.array(scoredTokenSchema)),
  usage: usageSchema,
});
export type ScoreResult = z.infer<typeof scoreResultSchema>;

/** A replacement of `[start, end)` of a text, in UTF-16 code units, by another text. */
export const textEditSchema = z.object({
  start: z.number().int().min(0),
  end: z.number().int().min(0),
  text: z.string(),
});
export type TextChange = z.infer<typeof textEditSchema>;

/** One way in which a text might have been meant: one or several replacements, in order. */
export const alternativeSchema = z.object({
  /** Not overlapping, ascending. Nearly always one; swapped arguments are two. */
  changes: z.array(textEditSchema).min(1),
  /** Alternatives of one site compete: the best few of each are weighed. */
  site: z.number().int().min(0),
  /** Nats added to the first look when alternatives are ranked; no part of the odds. */
  prior: z.number(),
});
export type Alternative = z.infer<typeof alternativeSchema>;

/**
 * Weighs alternatives of a text against the text as written: one pass over the text, then, for the
 * most promising alternatives, the tokens from where the alternative differs to `horizon` past it.
 */
export const weighParamsSchema = z.object({
  /** Unique per connection; `weighed` notifications carry it. */
  id: z.string(),
  requestId: requestIdSchema,
  /** Before the text: special tokens and context; kept in the cache, not looked at. May be empty. */
  prefix: z.array(promptPartSchema),
  text: z.string(),
  /** Offset in `text` from which tokens are looked at; alternatives lie behind it. */
  from: z.number().int().min(0),
  alternatives: z.array(alternativeSchema),
  /** How many alternatives are weighed to the end, over all and for one site. */
  most: z.number().int().min(0),
  mostPerSite: z.number().int().min(1),
  /** Alternatives whose first look plus prior is below this, in nats, are not weighed. */
  leastFirst: z.number(),
  /** UTF-16 code units past the last change that count, or the line's end if that is later. */
  horizon: z.number().int().min(0),
  /** An alternative whose odds have fallen below this, in nats, is not evaluated to its end. */
  giveUp: z.number(),
  priority: prioritySchema,
});
export type WeighParams = z.infer<typeof weighParamsSchema>;

/** Log-odds of an alternative over the text as written, in nats: positive favours the alternative. */
export const oddsSchema = z.object({
  /** Over the tokens that differ, from the first different one until both texts agree again. */
  change: z.number(),
  /** Over the tokens behind, which are the same in both: how the change makes the rest likelier. */
  after: z.number(),
  /** False: given up early; the odds are those until then. */
  complete: z.boolean(),
});
export type Odds = z.infer<typeof oddsSchema>;

export const weighResultSchema = z.object({
  /** Of each token of the text from `from` on. */
  tokens: z.array(
    z.object({
      /** Offset in `text` at which it ends. */
      end: z.number(),
      logProbability: z.number(),
      bestLogProbability: z.number(),
    }),
  ),
  /** One for each alternative, in the order given. */
  alternatives: z.array(
    z.object({
      /** Log-odds of the first token that differs; absent where no token differs. */
      first: z.number().optional(),
      /** Log-probability of the first differing token as written. */
      written: z.number().optional(),
      /** Absent where it was not promising enough to be weighed. */
      odds: oddsSchema.optional(),
    }),
  ),
  usage: usageSchema,
});
export type WeighResult = z.infer<typeof weighResultSchema>;

/** Sent while `weigh` runs, as soon as an alternative has been weighed. */
export const weighedNotificationSchema = z.object({
  id: z.string(),
  alternative: z.number().int().min(0),
  first: z.number(),
  written: z.number(),
  odds: oddsSchema,
});
export type WeighedNotification = z.infer<typeof weighedNotificationSchema>;

export const scoreRequest = new RequestType<ScoreParams, ScoreResult, void>("score");
/** Answers `null` when cancelled. */
export const weighRequest = new RequestType<WeighParams, WeighResult | null, void>("weigh");
export const weighedNotification = new NotificationType<WeighedNotification>("weighed");
