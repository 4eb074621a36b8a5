import { z } from "zod";
import { codedErrorSchema } from "./errors.ts";
import { editorNetworkSchema } from "./editorNetwork.ts";
import { endpointStatusSchema } from "./endpoints.ts";
import { healthSchema } from "./health.ts";
import { usageSchema } from "./hostPrompt.ts";
import { reviewResultSchema } from "./review.ts";
import { longestCode, longestTask, workflowBudgetSchema, workflowTaskSchema } from "./workflow.ts";

/*
 * The loopback API's own routes: bodies and answers. Fields that are not known are refused. Beside
 * each field stands, where there is one, the name it had in the original service.
 */

const language = z.string().min(1).max(60);
const path = z.string().max(4096);
const code = z.string().max(longestCode);
const task = z.string().max(longestTask);

const taskFields = {
  /** What the code is to do, in words. */
  task: task.optional(),
  task_description: task.optional(),
  /** Language id as editors have it; absent: from the ending of `path`. */
  language: language.optional(),
  requirements: z.union([task, z.array(task).max(50)]).optional(),
  tests: code.optional(),
  path: path.optional(),
  /** Text of the file before and after the place of the code. */
  before: code.optional(),
  after: code.optional(),
  metadata: workflowTaskSchema.shape.metadata,
  budget: z.strictObject(workflowBudgetSchema.shape).optional(),
  /** The same as `budget.tokens`. */
  max_tokens: workflowBudgetSchema.shape.tokens,
};

/** `POST /generate`: code from a task; it is not reviewed. */
export const generateBodySchema = z.strictObject(taskFields);

/** `POST /workflow`: generate, review, revise; with `code`, that code is what is revised. */
export const workflowBodySchema = z.strictObject({
  ...taskFields,
  code: code.optional(),
  generated_code: code.optional(),
});
export type WorkflowBody = z.infer<typeof workflowBodySchema>;

/** `POST /review`: a file, or a piece of code, and what it is to do. */
export const reviewBodySchema = z.strictObject({
  text: code.optional(),
  code: code.optional(),
  generated_code: code.optional(),
  language: language.optional(),
  path: path.optional(),
  /** Shown to models that follow instructions, as are `requirements` and `tests`. */
  task: task.optional(),
  task_description: task.optional(),
  requirements: taskFields.requirements,
  tests: code.optional(),
  metadata: workflowTaskSchema.shape.metadata,
});
export type ReviewBody = z.infer<typeof reviewBodySchema>;

/** What `POST /review` answers. */
export const reviewAnswerSchema = reviewResultSchema.extend({
  requestId: z.string(),
  metadata: workflowTaskSchema.shape.metadata,
});

/** Most tokens that one text may have; the model's context sets an end before. */
export const mostTokens = 32_768;

const stops = z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(16)]);

/** `POST /complete`: a place in a text, or a prompt with what follows it. */
export const completeBodySchema = z.strictObject({
  /** The whole file, with `offset`, or `line` and `character`: UTF-16 code units, from 0. */
  text: code.optional(),
  offset: z.number().int().min(0).optional(),
  line: z.number().int().min(0).optional(),
  character: z.number().int().min(0).optional(),
  path: path.optional(),
  language: language.optional(),
  /** What stands before, in place of `text`; `suffix` is what follows. */
  prompt: code.optional(),
  suffix: code.optional(),
  /** For a prompt. */
  max_tokens: z.number().int().min(1).max(mostTokens).optional(),
  temperature: z.number().min(0).max(5).optional(),
  top_p: z.number().min(0).max(1).optional(),
  seed: z.number().int().min(0).max(0xffff_ffff).optional(),
  stop: stops.optional(),
});
export type CompleteBody = z.infer<typeof completeBodySchema>;

/** What `POST /complete` answers. */
export const completeAnswerSchema = z.object({
  requestId: z.string(),
  /** The text to insert; empty where there is none. */
  text: z.string(),
  /** With `text` in the body: the replaced range, offsets into it. */
  start: z.number().int().optional(),
  end: z.number().int().optional(),
  /** Probability that the first line is what is wanted. */
  probability: z.number().optional(),
  /** Why there is no text. */
  reason: z.string().optional(),
  /** With a prompt: `stop` or `length`. */
  finish: z.enum(["stop", "length"]).optional(),
  model: z.string(),
  tokensUsed: z.number().int(),
  durationMs: z.number(),
  usage: usageSchema.optional(),
});
export type CompleteAnswer = z.infer<typeof completeAnswerSchema>;

/** `GET /health`; without a key, the status alone. */
export const apiHealthSchema = z.object({
  status: z.enum(["ok", "starting", "error"]),
  version: z.string().optional(),
  model: z.string().optional(),
  endpoints: z.array(endpointStatusSchema).optional(),
  /** All of it, as the editor's health view has it. */
  health: healthSchema.optional(),
});

/** What every failure answers with. */
export const apiErrorSchema = z.object({ error: codedErrorSchema });

/** Who serves the API of a home: `run/api.json`, mode 0600. */
export const apiRunFileSchema = z.object({
  pid: z.number().int().positive(),
  port: z.number().int().min(1).max(65_535),
  version: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
});
export type ApiRunFile = z.infer<typeof apiRunFileSchema>;

/** `starcoder serve --status --json`, also with `--show-key` and `--rotate-key`. */
export const apiRecordSchema = z.object({
  serving: z.boolean(),
  /** Such as `http://127.0.0.1:3745`; where it is served, or would be. */
  address: z.string().optional(),
  pid: z.number().optional(),
  keyFile: z.string(),
  /** Only where it was asked for. */
  key: z.string().optional(),
  rotated: z.boolean().optional(),
});
export type ApiRecord = z.infer<typeof apiRecordSchema>;

/** A line that `starcoder serve --child` prints for the language server that started it. */
export const apiReportSchema = z.discriminatedUnion("state", [
  z.object({ state: z.literal("serving"), address: z.string() }),
  /** Another process of this home serves it. */
  z.object({ state: z.literal("held") }),
  z.object({ state: z.literal("failed"), error: codedErrorSchema }),
]);
export type ApiReport = z.infer<typeof apiReportSchema>;

/** A line that the language server sends to the process that serves for it. */
export const apiChildInputSchema = z.object({
  /** As `parseSettings` takes them. */
  settings: z.record(z.string(), z.unknown()),
  /** Keys of remote engines, see `endpointKeysSchema`. */
  endpointKeys: z.record(z.string(), z.string()).optional(),
  network: editorNetworkSchema.optional(),
});
export type ApiChildInput = z.infer<typeof apiChildInputSchema>;
