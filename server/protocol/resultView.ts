import { z } from "zod";
import { codedErrorSchema } from "./errors.ts";
import { recommendationSchema, severitySchema } from "./review.ts";
import { workflowEndSchema, workflowRoundSchema } from "./workflow.ts";

/*
 * What the view of a generated result and the extension say to each other. The extension owns the
 * state; the view draws it and asks for changes.
 */

/** `open`: not decided; `applied`: in the document; `discarded`: left out. */
export const hunkStateSchema = z.enum(["open", "applied", "discarded"]);
export type HunkState = z.infer<typeof hunkStateSchema>;

/** One line of a change as it is drawn; numbers are those of the document and of the code, from 1. */
export const hunkLineSchema = z.object({
  kind: z.enum(["same", "removed", "added"]),
  text: z.string(),
  old: z.number().int().optional(),
  new: z.number().int().optional(),
});
export type HunkLine = z.infer<typeof hunkLineSchema>;

export const hunkViewSchema = z.object({
  /** By which requests name it. */
  index: z.number().int().min(0),
  state: hunkStateSchema,
  lines: z.array(hunkLineSchema),
});
export type HunkView = z.infer<typeof hunkViewSchema>;

/** Where the result goes. */
export const placeViewSchema = z.object({
  kind: z.enum([
    /** The text at the place is as it was, or as this view made it. */
    "found",
    /** It was changed meanwhile: nothing can be applied there. */
    "changed",
    /** The document is not there any more. */
    "gone",
    /** It was asked for as a new file. */
    "file",
  ]),
  /** Path of the document as people know it. */
  name: z.string().optional(),
  /** First line of the place, from 1. */
  line: z.number().int().optional(),
});
export type PlaceView = z.infer<typeof placeViewSchema>;

export const findingViewSchema = z.object({
  rule: z.string(),
  severity: severitySchema,
  message: z.string(),
  why: z.string(),
  confidence: z.number(),
  /** Line in the code, from 1. */
  line: z.number().int(),
  written: z.string(),
  /** What its fix does. */
  remedy: z.string().optional(),
});
export type FindingView = z.infer<typeof findingViewSchema>;

/** One version in the list of versions. */
export const roundViewSchema = workflowRoundSchema
  .pick({ round: true, by: true, changes: true, score: true, accepted: true, tokensUsed: true })
  .extend({ durationMs: z.number(), findings: z.number().int() });
export type RoundView = z.infer<typeof roundViewSchema>;

/** All that the view draws; each change sends all of it. */
export const resultViewSchema = z.object({
  requestId: z.string(),
  createdAt: z.string(),
  task: z.string(),
  language: z.string(),
  model: z.string(),
  /** Of the version that is shown. */
  code: z.string(),
  score: z.number().optional(),
  scoreError: codedErrorSchema.optional(),
  end: workflowEndSchema,
  error: codedErrorSchema.optional(),
  tokensUsed: z.number(),
  workflowTime: z.number(),
  place: placeViewSchema,
  hunks: z.array(hunkViewSchema),
  findings: z.array(findingViewSchema),
  recommendations: z.array(recommendationSchema),
  rounds: z.array(roundViewSchema),
  /** Index of the version that is shown, and of the best. */
  shown: z.number().int(),
  best: z.number().int(),
});
export type ResultView = z.infer<typeof resultViewSchema>;

/** Events to the view: `result` (`resultViewSchema`). */
export const resultViewEvents = { result: resultViewSchema } as const;

const hunksSchema = z.object({ hunks: z.array(z.number().int().min(0)).max(100_000) });
const nothingSchema = z.object({});

/** Requests of the view, each answered with `{}`; what changes comes as an event before. */
export const resultViewRequests = {
  /** The view listens: it is told what is shown now. */
  show: nothingSchema,
  /** Puts hunks into the document. */
  apply: hunksSchema,
  /** Takes applied hunks out again, and makes discarded ones undecided. */
  takeBack: hunksSchema,
  discard: hunksSchema,
  /** Shows another version; what is applied stays in the document. */
  showVersion: z.object({ index: z.number().int().min(0) }),
  /** The editor's own comparison. */
  openDiff: nothingSchema,
  openNew: nothingSchema,
  /** Inserts the code at the cursor of the editor that was used last. */
  insert: nothingSchema,
  goTo: nothingSchema,
} as const;
