import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { EngineOutcome } from "../../../server/engine/engine.ts";
import { CodedError, type ErrorCode } from "../../../server/protocol/errors.ts";
import type {
  AskParams,
  AskResult,
  GenerateResult,
  ModelDescription,
  TokenNotification,
  Usage,
} from "../../../server/protocol/host.ts";
import type { ReviewFinding, ReviewResult } from "../../../server/protocol/review.ts";
import {
  workflowResultSchema,
  workflowTaskSchema,
  type WorkflowProgress,
  type WorkflowResult,
  type WorkflowTask,
} from "../../../server/protocol/workflow.ts";
import type { GenerateRequest } from "../../../server/engine/engine.ts";
import type { ReviewRequest } from "../../../server/review/types.ts";
import type {
  WorkflowDependencies,
  WorkflowSettings,
} from "../../../server/workflow/dependencies.ts";
import { loadGeneratePrompts, loadRevisePrompts } from "../../../server/workflow/prompts.ts";
import type { WorkflowOutcome } from "../../../server/workflow/types.ts";
import { createWorkflow } from "../../../server/workflow/workflow.ts";
import { createManualClock, type ManualClock } from "../../support/manualClock.ts";
import { loadedSyntax } from "../../support/syntax.ts";

export const baseModel: ModelDescription = {
  path: "/models/base.gguf",
  fileSizeBytes: 1,
  architecture: "starcoder2",
  name: "Any Coder",
  tokenizerPre: "starcoder",
  parameters: 3e9,
  quantization: "Q4_K_M",
  trainContextSize: 4096,
  contextSize: 4096,
  specialTokens: ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<file_sep>", "<repo_name>"],
  vocabularySize: 1000,
};
export const instructModel: ModelDescription = { ...baseModel, name: "Any Coder Instruct" };

/** What the model writes: a text, one that is cut off, a failure, or nothing until it is cancelled. */
export type Writing =
  | string
  | { readonly text: string; readonly cut?: true; readonly logProbability?: number }
  | CodedError
  | { readonly hangs: true };

/** What a review says of a text; nothing until it is cancelled. */
export type Reviewing = Partial<ReviewResult> | "hangs";

export interface FixtureOptions {
  readonly model?: ModelDescription;
  /** In order; the last one again and again. */
  readonly writes?: readonly Writing[];
  readonly reviews?: (text: string, number: number) => Reviewing;
  readonly settings?: Partial<WorkflowSettings>;
  readonly whenReady?: WorkflowDependencies["whenReady"];
  /** Told of each progress; may cancel. */
  readonly onProgress?: (progress: WorkflowProgress, abort: AbortController) => void;
  readonly prompts?: string;
}

const syntax = await loadedSyntax("typescript", "python");
const prompts = (name: string): string =>
  readFileSync(new URL(`../../../prompts/${name}.md`, import.meta.url), "utf8");

const noReview: ReviewResult = {
  score: 10,
  findings: [],
  recommendations: [],
  reviewedLines: 1,
  unreviewedChunks: 0,
  tokensUsed: 50,
  durationMs: 1,
};

/** A workflow on an engine and a reviewer that do what the test says. */
export function workflowFixture(options: FixtureOptions = {}) {
  const clock: ManualClock = createManualClock();
  const abort = new AbortController();
  const generated: GenerateRequest[] = [];
  const asked: AskParams[] = [];
  const reviewed: ReviewRequest[] = [];
  const progress: WorkflowProgress[] = [];
  const logged: { readonly name: string; readonly fields: Record<string, unknown> }[] = [];
  const aborted: number[] = [];
  let writings = 0;
  let revived = 0;
  const model = options.model ?? baseModel;
  const state = {
    kind: "ready",
    model,
    backend: { requested: "cpu", used: "cpu" },
  } as const;

  async function write(
    onToken: ((token: Omit<TokenNotification, "id">) => void) | undefined,
    signal: AbortSignal,
  ): Promise<EngineOutcome<GenerateResult & AskResult>> {
    const all = options.writes ?? ["  return 1;\n}\n"];
    const writing = all[Math.min(writings, all.length - 1)] ?? "";
    writings++;
    if (typeof writing === "object" && "hangs" in writing) {
      await untilAborted(signal);
      return { kind: "cancelled", usage: usage(10) };
    }
    if (writing instanceof CodedError) return { kind: "failed", error: writing };
    const {
      text,
      cut,
      logProbability = -0.5,
    } = typeof writing === "string" ? { text: writing, cut: undefined } : writing;
    const pieces = text.match(/\n|[^\n]{1,6}/g) ?? [];
    let told = 0;
    for (const piece of pieces) {
      if (signal.aborted) {
        aborted.push(told);
        return { kind: "cancelled", usage: usage(told) };
      }
      onToken?.({ text: piece, logProbability });
      told++;
      await Promise.resolve();
    }
    const finish = cut === true ? "length" : "stop";
    return { kind: "done", value: { finish, usage: usage(told), text } };
  }

  const workflow = createWorkflow({
    engine: {
      state,
      generate(request, onToken, signal) {
        generated.push(request);
        return write(onToken, signal);
      },
      ask(request, signal, onToken) {
        asked.push(request);
        return write(onToken, signal);
      },
      tokenize: (texts) =>
        Promise.resolve({
          kind: "done",
          value: texts.map((text) => Array.from({ length: Math.ceil(text.length / 4) }, () => 1)),
        }),
    },
    whenReady:
      options.whenReady ??
      ((_, signal) => {
        revived++;
        return Promise.resolve(signal.aborted ? { kind: "cancelled" } : { kind: "ready", state });
      }),
    clock,
    now: () => new Date(0),
    random: () => 0.5,
    syntax,
    reviewer: {
      async review(request, _, signal) {
        reviewed.push(request);
        const said = options.reviews?.(request.document.text, reviewed.length) ?? {};
        if (said === "hangs") {
          await untilAborted(signal);
          return { kind: "cancelled" };
        }
        if (signal.aborted) return { kind: "cancelled" };
        const { score, ...rest } = { ...noReview, ...said };
        const result =
          rest.scoreError === undefined && score !== undefined ? { ...rest, score } : rest;
        return { kind: "done", result };
      },
      closed: () => undefined,
    },
    prompts: {
      generate: () => loadGeneratePrompts(options.prompts ?? prompts("generate")),
      revise: () => loadRevisePrompts(prompts("revise")),
    },
    settings: () => ({
      ...{ rounds: 2, minScore: 9, candidates: 1, tokens: 20_000, seconds: 300 },
      instruct: "auto",
      ...options.settings,
    }),
    log: { event: (name, fields) => logged.push({ name, fields: { ...fields } }) },
  });

  return {
    ...{ workflow, clock, abort, generated, asked, reviewed, progress, logged, aborted },
    /** How often the model was waited for. */
    get revived() {
      return revived;
    },
    run(task: Partial<WorkflowTask> = {}) {
      const full = workflowTaskSchema.parse({
        task: "A function `one(): number` that gives one.",
        language: "typescript",
        ...task,
      });
      return workflow.run(
        { task: full, requestId: "t-1" },
        (each) => {
          progress.push(each);
          options.onProgress?.(each, abort);
        },
        abort.signal,
      );
    },
  };
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

function usage(generatedTokens: number): Usage {
  return {
    ...{ queueMs: 0, prefillMs: 1, decodeMs: 1 },
    ...{ evaluatedTokens: 20, reusedTokens: 0, generatedTokens },
  };
}

/** A finding on a place of a text, with a fix that replaces it. */
export function findingOn(
  text: string,
  written: string,
  newText: string,
  confidence = 0.9,
): ReviewFinding {
  const offset = text.indexOf(written);
  const line = text.slice(0, offset).split("\n").length - 1;
  const character = offset - (text.lastIndexOf("\n", offset - 1) + 1);
  const range = {
    start: { line, character },
    end: { line, character: character + written.length },
  };
  return {
    ...{ rule: "starcoder/wrong-operator", origin: "likelihood", category: "logic" },
    ...{ severity: "warning", message: `\`${newText}\` is likelier.`, why: "", confidence },
    ...{ shown: true, range, written, related: [], tags: [], fingerprint: `${line}` },
    fix: { title: `Replace by ${newText}`, edits: [{ range, newText }] },
  };
}

/** The result, valid by its schema. */
export function resultOf(outcome: WorkflowOutcome): WorkflowResult {
  if (outcome.kind === "failed") throw outcome.error;
  if (outcome.kind === "cancelled") throw new Error("It was cancelled.");
  return workflowResultSchema.parse(outcome.result);
}

/** What a failed outcome looks like. */
export const failedWith = (code: ErrorCode, message?: string) => ({
  kind: "failed",
  error: expect.objectContaining({
    code,
    ...(message === undefined ? {} : { message: expect.stringContaining(message) as string }),
  }) as CodedError,
});
