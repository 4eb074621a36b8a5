import { exclusionOf } from "../context/excluded.ts";
import { toSteps } from "./steps.ts";
import { verdictOf, type Verdict } from "./verdict.ts";
import type { Family } from "../prompt/families.ts";
import { textsOf, toPromptRecord } from "../prompt/promptRecord.ts";
import type { PreparedPrompt } from "../prompt/prompter.ts";
import { rememberRequests } from "./earlierRequests.ts";
import { createTrace, findLast, type TraceEvent, type Traced } from "./trace.ts";
import type {
  Completer,
  CompletionDocument,
  CompletionRequest,
  CompletionResult,
} from "../types.ts";
import type { Clock } from "../../engine/clock.ts";
import type { Engine } from "../../engine/engine.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { Explain, ExplainStep, PromptRecord } from "../../protocol/explain.ts";
import type { ModelDescription } from "../../protocol/host.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Syntax } from "../../syntax/syntaxService.ts";
import { refusalOf, settingsStep } from "./refusal.ts";

/** A place that is asked about. */
export interface ExplainTarget {
  readonly document: CompletionDocument;
  /** The file's path where it has one, else its URI. */
  readonly file: string;
  readonly offset: number;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  readonly trigger: "automatic" | "invoked";
  /** Why its text is not kept, and so nothing can be asked. */
  readonly withoutText?: "tooLarge" | "binary";
}

export interface Explainer {
  /** Never rejects and never waits for a model that is not ready. */
  explain(target: ExplainTarget, signal: AbortSignal): Promise<Explain>;
  /**
   * The prompt that the place would be sent with, counted; nothing is generated.
   * @throws CodedError where no model that can fill in the middle is ready.
   */
  promptAt(target: ExplainTarget): Promise<PromptRecord>;
  dispose(): void;
}

export interface ExplainerOptions {
  readonly engine: Pick<Engine, "state" | "tokenize">;
  readonly completer: Pick<Completer, "complete" | "preview" | "onCompleted">;
  readonly clock: Clock;
  readonly syntax: Pick<Syntax, "load">;
  readonly settings: () => Settings;
  /** Whether a model is the bundled one, which a command line need not name. */
  readonly isStarter: (path: string) => boolean;
  /** The time of day. */
  readonly now: () => Date;
  /** Makes request ids that no other process makes. */
  readonly processId: number;
}

/** A generation that takes longer is not worth waiting for: something is wrong. */
const longestMs = 60_000;
/** Explains requests with the very completer that answers them. */
export function createExplainer(options: ExplainerOptions): Explainer {
  const { engine, completer, clock, settings } = options;
  const earlier = rememberRequests(completer, options.now);
  let explained = 0;

  function requestFor(target: ExplainTarget): CompletionRequest {
    explained += 1;
    const requestId = `explain-${options.processId}-${explained}`;
    const { document, offset, trigger } = target;
    return { document, offset, trigger, requestId, explained: true };
  }

  async function ask(
    request: CompletionRequest,
    signal: AbortSignal,
  ): Promise<{
    readonly traced: readonly Traced[];
    readonly verdict: Verdict;
    suggestion?: string;
  }> {
    const { trace, events } = createTrace(clock);
    const abort = new AbortController();
    const give = () => abort.abort();
    signal.addEventListener("abort", give, { once: true });
    if (signal.aborted) give();
    const late = new AbortController();
    const cancel = clock.after(longestMs, () => {
      late.abort();
      give();
    });
    const result = await completer.complete({ ...request, trace }, abort.signal);
    cancel();
    signal.removeEventListener("abort", give);
    const failure = late.signal.aborted
      ? new CodedError("TIMEOUT_ERROR", `The model wrote nothing within ${longestMs / 1000} s.`)
      : undefined;
    const ended: CompletionResult =
      failure === undefined ? result : { kind: "failed", error: failure };
    const verdict = verdictOf(events, ended);
    return {
      traced: events,
      verdict,
      ...(ended.kind === "suggestion" ? { suggestion: ended.suggestion.text } : {}),
    };
  }

  async function recordOf(
    prepared: PreparedPrompt,
    family: Family,
  ): Promise<PromptRecord | CodedError> {
    const counted = await engine.tokenize(textsOf(prepared.prompt));
    if (counted.kind === "failed") return counted.error;
    const counts = counted.kind === "done" ? counted.value.map((tokens) => tokens.length) : [];
    return toPromptRecord(prepared, family, counts);
  }

  return {
    async explain(target, signal) {
      const startedAt = clock.now();
      const { document } = target;
      await options.syntax.load(document.languageId);
      const request = requestFor(target);
      const refused = refusalOf(target, settings());
      const asked =
        refused === undefined
          ? await ask(request, signal)
          : { traced: [], verdict: refused.verdict };
      const { traced, verdict } = asked;
      const prompted = findLast(traced, "prompt");
      const record = prompted && (await recordOf(prompted.prepared, prompted.family));
      const prompt = record instanceof CodedError ? undefined : record;
      const result = findLast(traced, "result");
      const steps =
        refused?.steps ?? withSettings(toSteps(traced, true), document, settings(), prompt, result);
      const generated = findLast(traced, "generated");
      const gate = findLast(traced, "gate");
      const { state } = engine;
      const model =
        state.kind === "ready" ? modelOf(state.model, findLast(traced, "model")) : undefined;
      return {
        ...{ file: target.file, line: target.line, column: target.column },
        ...{ trigger: target.trigger, requestId: request.requestId, summary: verdict.summary },
        suggestion: "suggestion" in asked ? (asked.suggestion ?? null) : null,
        ...(verdict.reason === undefined ? {} : { reason: verdict.reason }),
        ...(verdict.error === undefined ? {} : { error: verdict.error.toData() }),
        actions: verdict.actions,
        steps,
        ...(prompt === undefined ? {} : { prompt }),
        ...(generated === undefined
          ? {}
          : { generated: { text: generated.text, tokens: [...generated.tokens] } }),
        ...(gate === undefined
          ? {}
          : { gate: { probability: gate.probability, threshold: gate.threshold } }),
        ...(result?.usage === undefined ? {} : { usage: result.usage }),
        totalMs: result?.totalMs ?? clock.now() - startedAt,
        ...(model === undefined ? {} : { model }),
        command: commandFor(target, state.kind === "ready" ? state.model : undefined),
        earlier: earlier.near(document.uri, target.offset),
      };
    },
    async promptAt(target) {
      const excluded = exclusionOf(target.document);
      if (excluded !== undefined) {
        const why = excluded === "secret" ? "holds secrets, by its name" : `is ${excluded}`;
        const detail = `${target.file} ${why}: it is never sent.`;
        throw new CodedError("DOCUMENT_UNSUPPORTED", detail);
      }
      const found = completer.preview(requestFor(target));
      if (found === undefined) {
        const { state } = engine;
        if (state.kind === "ready") throw new CodedError("MODEL_NOT_FIM", state.model.name);
        throw "error" in state ? state.error : new CodedError("MODEL_UNAVAILABLE");
      }
      const record = await recordOf(found.prepared, found.family);
      if (record instanceof CodedError) throw record;
      return record;
    },
    dispose: () => earlier.dispose(),
  };

  function commandFor(target: ExplainTarget, model: ModelDescription | undefined): string {
    const { file, line, column, trigger } = target;
    const how = trigger === "invoked" ? " --trigger invoked" : "";
    const { state } = options.engine;
    const isRemote = state.kind === "ready" && state.backend.used === "remote";
    const isGiven = model === undefined || isRemote || options.isStarter(model.path);
    const which = isGiven ? "" : ` --model ${quote(model.path)}`;
    return `starcoder explain ${quote(`${file}:${line}:${column}`)}${how}${which}`;
  }
}

function modelOf(
  model: ModelDescription,
  known: Extract<TraceEvent, { kind: "model" }> | undefined,
): NonNullable<Explain["model"]> {
  const name = model.name === "" ? model.architecture : model.name;
  const family = known?.family?.id;
  return { name, path: model.path, ...(family === undefined ? {} : { family }) };
}

/** Puts the settings behind the document, and the counted tokens into the prompt's step. */
function withSettings(
  steps: readonly ExplainStep[],
  { languageId }: CompletionDocument,
  settings: Settings,
  prompt: PromptRecord | undefined,
  result: Extract<TraceEvent, { kind: "result" }> | undefined,
): ExplainStep[] {
  const usage = result?.usage;
  const cost =
    usage === undefined
      ? ""
      : ` ${usage.reusedTokens} of them were remembered, ${usage.evaluatedTokens} read.`;
  return steps.flatMap((step) => {
    if (step.name === "document") return [step, settingsStep(settings, languageId)];
    if (step.name !== "prompt" || prompt === undefined) return [step];
    return [{ ...step, detail: `${prompt.totalTokens} tokens.${cost} ${step.detail}` }];
  });
}

/** As a shell takes it for one word. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
