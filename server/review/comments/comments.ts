import type { ChatEngine, Engine, EngineOutcome } from "../../engine/engine.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { ModelDescription, PromptPart } from "../../protocol/host.ts";
import type { RuleId } from "../../protocol/review.ts";
import { createLineIndex } from "../../text/positions.ts";
import type { Chunk, ChunkOutcome, ChunkReviewer, Finding, ReviewDocument } from "../types.ts";
import { anchorOf } from "./anchor.ts";
import { askForComments, type CommentLog } from "./askForComments.ts";
import { confidenceOf } from "./confidence.ts";
import { isInstruct } from "./instruct.ts";
import { commentableLines, type Excerpt, type ReviewPrompts } from "./prompt.ts";
import { changeOf } from "./replacement.ts";
import type { WrittenComment } from "./schema.ts";
import { onlyRestates, withoutOverlaps } from "./substance.ts";
import { addUsage } from "./usage.ts";
import { askWhetherRight, oddsOf, type Anchored } from "./verify.ts";

/** The rule of every comment. */
const rule: RuleId = "starcoder/comment";
/** A comment that is not at least this likely right stays only where its replacement is likelier. */
const leastAgreement = 0.5;
/** From here on a comment is drawn, where the settings leave that to the product. */
const shownFrom = 0.8;

export interface CommentReviewerDependencies {
  readonly engine: Pick<Engine, "state" | "weigh"> & ChatEngine;
  /** Throws a CodedError where a user's own prompts cannot be used. */
  readonly prompts: () => ReviewPrompts;
  /** How a file starts for a model, in front of code that is weighed. May be empty. */
  readonly fileStart: (model: ModelDescription, path: string) => readonly PromptPart[];
  readonly settings: () => {
    readonly instruct: "auto" | "on" | "off";
    /** Least confidence that is drawn, 0 to 1; below 0: the product's own. */
    readonly minConfidence: number;
    readonly isOn: (rule: RuleId) => boolean;
  };
  readonly log: CommentLog;
}

/**
 * Reviews chunks by asking an instruction-tuned model for comments. A comment stays only when its
 * quote is found and it is confirmed; with any other model nothing is asked and nothing found.
 */
export function createCommentReviewer(dependencies: CommentReviewerDependencies): ChunkReviewer {
  const { engine, fileStart, log, settings } = dependencies;

  async function review(
    document: ReviewDocument,
    chunk: Chunk,
    onFinding: (finding: Finding) => void,
    signal: AbortSignal,
  ): Promise<ChunkOutcome> {
    const { state } = engine;
    const { instruct, isOn } = settings();
    if (state.kind !== "ready" || !isOn(rule) || !isInstruct(state.model, instruct)) {
      return { kind: "done", findings: [], usage: undefined };
    }
    const prompts = dependencies.prompts();
    const excerpt: Excerpt = { document, chunk, index: createLineIndex(document.text) };
    if (commentableLines(excerpt).length === 0) {
      return { kind: "done", findings: [], usage: undefined };
    }
    const asked = await askForComments({ engine, log }, prompts, excerpt, signal);
    if (asked.kind !== "done") return asked;
    let { usage } = asked;
    const example = prompts.system({});
    const anchored = asked.comments.flatMap((comment) => {
      if (!example.includes(comment.message)) return anchor(comment, asked.excerpt) ?? [];
      log.event("comment dropped", { reason: "copied from the prompt", line: comment.line });
      return [];
    });
    const findings: Finding[] = [];
    // All are asked about before any replacement is weighed: the questions share the code.
    const judged: {
      readonly comment: WrittenComment & Anchored;
      readonly agreement: number | undefined;
    }[] = [];
    for (const comment of anchored) {
      const answer = await askWhetherRight(engine, prompts, asked.excerpt, comment, signal);
      if (isUntold(answer)) {
        judged.push({ comment, agreement: undefined });
        continue;
      }
      if (answer.kind !== "done") return settle(answer);
      usage = addUsage(usage, answer.value.usage);
      judged.push({ comment, agreement: answer.value.probability });
    }
    for (const { comment, agreement } of judged) {
      let odds: number | undefined;
      if (comment.change !== undefined) {
        const start = fileStart(state.model, document.path);
        const weighed = await oddsOf(engine, start, asked.excerpt, comment.change, signal);
        if (weighed.kind === "done") {
          usage = addUsage(usage, weighed.value.usage);
          odds = weighed.value.odds;
        } else if (!isUntold(weighed)) return settle(weighed);
      }
      if (
        agreement !== undefined &&
        agreement < leastAgreement &&
        !(odds !== undefined && odds >= 0)
      ) {
        log.event("comment dropped", { reason: "not confirmed", agreement, odds: odds ?? "none" });
        continue;
      }
      findings.push(toFinding(comment, agreement, odds));
    }
    const kept = withoutOverlaps(findings);
    for (const finding of kept) if (finding.shown) onFinding(finding);
    log.event("comments", { written: asked.comments.length, kept: kept.length });
    return { kind: "done", findings: kept, usage };
  }

  function anchor(
    comment: WrittenComment,
    { document, index, chunk }: Excerpt,
  ): (WrittenComment & Anchored) | undefined {
    const place = anchorOf(comment, document.text, index, chunk);
    if (place === undefined) {
      log.event("comment dropped", { reason: "quote not found", line: comment.line });
      return undefined;
    }
    const { start, end } = place;
    const change = changeOf(document.text, place, comment.replacement);
    const changesNothing = comment.replacement !== null && change === undefined;
    const code = document.text.slice(start, end);
    if (changesNothing || onlyRestates(comment.message, code, change !== undefined)) {
      log.event("comment dropped", { reason: "says nothing new", line: comment.line });
      return undefined;
    }
    return { ...comment, start, end, line: index.positionAt(start).line, change };
  }

  function toFinding(
    comment: WrittenComment & Anchored,
    agreement: number | undefined,
    odds: number | undefined,
  ): Finding {
    const { minConfidence } = settings();
    const confidence = confidenceOf(agreement ?? leastAgreement, odds);
    const shown = confidence >= (minConfidence < 0 ? shownFrom : minConfidence);
    const { change } = comment;
    return {
      rule,
      origin: "comment",
      category: comment.category,
      start: comment.start,
      end: comment.end,
      message: comment.message.trim(),
      why: whyOf(comment.category, agreement, odds),
      confidence,
      ...(odds === undefined ? {} : { odds }),
      severity: shown ? comment.severity : "hint",
      changes: change === undefined ? [] : [change],
      related: [],
      tags: [],
      shown,
    };
  }

  return {
    async review(document, chunk, onFinding, signal) {
      try {
        return await review(document, chunk, onFinding, signal);
      } catch (thrown) {
        if (thrown instanceof CodedError) return { kind: "failed", error: thrown };
        throw thrown;
      }
    },
  };
}

function settle(
  outcome: { readonly kind: "cancelled" } | { readonly kind: "failed"; readonly error: CodedError },
): ChunkOutcome {
  return outcome.kind === "failed" ? outcome : { kind: "cancelled" };
}

/** Whether the engine cannot tell probabilities: what only they would confirm is left open. */
function isUntold(outcome: EngineOutcome<unknown>): boolean {
  return outcome.kind === "failed" && outcome.error.code === "LOGPROBS_UNAVAILABLE";
}

function whyOf(category: string, agreement: number | undefined, odds: number | undefined): string {
  const again =
    agreement === undefined
      ? "the engine does not tell how sure it is of it"
      : `asked again, it holds it right with ${Math.round(agreement * 100)}%`;
  const first = `A remark of the model on ${category}; ${again}.`;
  if (odds === undefined) return first;
  const than = odds >= 0 ? "likelier" : "less likely";
  return `${first} The replacement is ${than} than the code as written (${odds.toFixed(1)} nats).`;
}
