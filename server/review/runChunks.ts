import type { Clock } from "../engine/clock.ts";
import { CodedError, type ErrorCode } from "../protocol/errors.ts";
import type { Usage } from "../protocol/host.ts";
import { withoutCovered } from "./comments/substance.ts";
import { lookAt } from "./look.ts";
import { isSound } from "./toFinding.ts";
import type { Chunk, ChunkReviewer, Finding, ReviewDocument } from "./types.ts";

/** How looking at chunks ended. */
export interface ChunksRun {
  readonly kind: "done" | "cancelled";
  /** Those that every reviewer looked at to the end. */
  readonly completed: readonly Chunk[];
  /** These and those that at least one looked at; findings are about them. */
  readonly touched: readonly Chunk[];
  readonly findings: readonly Finding[];
  /** Left out since the time was used up. */
  readonly leftOut: number;
  /** Why a reviewer was left out that cannot review with this engine, beside one that can. */
  readonly without: CodedError | undefined;
  /** Why not all was looked at; of several errors the first. */
  readonly error: CodedError | undefined;
  readonly tokensUsed: number;
  readonly modelMs: number;
}

export interface ChunksRunOptions {
  readonly document: ReviewDocument;
  readonly chunks: readonly Chunk[];
  readonly reviewers: readonly ChunkReviewer[];
  readonly clock: Clock;
  /** Of the model's time; waiting behind typing costs nothing of it. */
  readonly maxMs: number;
  readonly signal: AbortSignal;
  /** Waits for the model after its process died; false: it does not come back. */
  readonly comeBack: () => Promise<boolean>;
  readonly cached: {
    /** `by`: the reviewer's index. */
    get(chunk: Chunk, by: number): readonly Finding[] | undefined;
    set(chunk: Chunk, by: number, findings: readonly Finding[]): void;
  };
  /** All findings so far, those of the running chunk included that may still be taken back. */
  readonly onProgress: (progress: {
    readonly done: number;
    /** Those looked at so far, to the end or not. */
    readonly touched: readonly Chunk[];
    readonly findings: readonly Finding[];
  }) => void;
}

/** A chunk may wait behind typing; so many times the model's time is the end of all patience. */
const patience = 4;

/** Failures of one chunk; with any other the next chunk would fail, too. */
const ofTheChunk = new Set<ErrorCode>([
  "PARSING_ERROR",
  "CONTEXT_OVERFLOW",
  "TIMEOUT_ERROR",
  "INTERNAL_ERROR",
]);

/** The failure of a reviewer that needs what this engine cannot give. */
const ofTheReviewer: ErrorCode = "LOGPROBS_UNAVAILABLE";

/** How far a chunk has come. */
interface Standing {
  seenBy: number;
  /** It failed, or the time was used up before it was done. */
  ending?: "failed" | "leftOut";
  findings: Finding[];
}

/**
 * Lets each reviewer look at all chunks, one reviewer after the other, within the time allowed: what
 * is found fast is told first. Never rejects.
 */
export async function runChunks(options: ChunksRunOptions): Promise<ChunksRun> {
  const { document, chunks, reviewers, clock, maxMs, signal, cached } = options;
  const all = chunks.map((chunk) => ({ chunk, standing: newStanding() }));
  let error: CodedError | undefined;
  let without: CodedError | undefined;
  /** Reviewers that can review with this engine. */
  let able = reviewers.length;
  let tokensUsed = 0;
  let modelMs = 0;
  let steps = 0;
  const chunksThat = (is: (standing: Standing) => boolean): Chunk[] =>
    all.filter(({ standing }) => is(standing)).map(({ chunk }) => chunk);
  const findings = (): Finding[] =>
    withoutDoubles(all.flatMap(({ standing }) => standing.findings));
  const end = (kind: ChunksRun["kind"]): ChunksRun => ({
    kind,
    completed: chunksThat(({ seenBy }) => seenBy >= able),
    touched: chunksThat(({ seenBy }) => seenBy > 0),
    findings: findings(),
    leftOut: chunksThat(({ ending }) => ending === "leftOut").length,
    without,
    error: error ?? (all.every(isLeftOut) ? new CodedError("TIMEOUT_ERROR") : undefined),
    tokensUsed,
    modelMs,
  });
  const tell = (early: readonly Finding[], current?: Chunk): void => {
    const touched = chunksThat(({ seenBy }) => seenBy > 0);
    options.onProgress({
      done: Math.floor(steps / reviewers.length),
      touched: current === undefined ? touched : [...touched, current],
      findings: withoutDoubles([...findings(), ...early]),
    });
  };
  const isCancelled = () => signal.aborted;
  const startedAt = clock.now();

  for (const [by, reviewer] of reviewers.entries()) {
    for (const { chunk, standing } of all) {
      if (isCancelled()) return end("cancelled");
      const wasAble = able;
      const goesOn = standing.ending !== undefined || (await look(by, reviewer, chunk, standing));
      steps++;
      if (isCancelled()) return end("cancelled");
      tell([]);
      if (!goesOn) return end("done");
      if (able < wasAble) break;
    }
  }
  return end("done");

  /** False: the next look would fail, too. */
  async function look(
    by: number,
    reviewer: ChunkReviewer,
    chunk: Chunk,
    standing: Standing,
  ): Promise<boolean> {
    const take = (found: readonly Finding[]): void => {
      standing.seenBy++;
      standing.findings.push(...found);
    };
    const known = cached.get(chunk, by);
    if (known !== undefined) {
      take(known);
      return true;
    }
    const wallMs = maxMs * patience - (clock.now() - startedAt);
    // However little time is allowed, one look is, or nothing would ever be looked at.
    if (steps > 0 && (modelMs >= maxMs || wallMs <= 0)) {
      standing.ending = "leftOut";
      return true;
    }
    const early: Finding[] = [];
    const isUsable = (finding: Finding) => isSound(finding, document.text.length);
    const outcome = await lookAt({
      ...{ document, chunk, reviewer, clock, wallMs, signal, comeBack: options.comeBack },
      onFinding(finding) {
        if (!isUsable(finding)) return;
        early.push(finding);
        tell(early, chunk);
      },
    });
    if (outcome.kind === "done") {
      pay(outcome.usage);
      const found = outcome.findings.filter(isUsable);
      cached.set(chunk, by, found);
      take(found);
    } else if (outcome.kind === "cancelled") {
      // If not by our caller: its time was used up.
      standing.ending = "leftOut";
    } else if (outcome.error.code === ofTheReviewer && able > 1) {
      without = outcome.error;
      able--;
    } else {
      standing.ending = "failed";
      error ??= outcome.error;
      return ofTheChunk.has(outcome.error.code);
    }
    return true;
  }

  function pay(usage: Usage | undefined): void {
    if (usage === undefined) return;
    tokensUsed += usage.evaluatedTokens + usage.generatedTokens;
    modelMs += usage.prefillMs + usage.decodeMs;
  }
}

/** Nothing at all was seen of it. */
function isLeftOut({ standing }: { readonly standing: Standing }): boolean {
  return standing.ending === "leftOut" && standing.seenBy === 0;
}

function newStanding(): Standing {
  return { seenBy: 0, findings: [] };
}

/**
 * Of several findings at one place, such as in the overlap of two parts, the likeliest; a comment
 * beside a finding by likelihood goes.
 */
function withoutDoubles(findings: readonly Finding[]): Finding[] {
  const best = new Map<string, Finding>();
  for (const finding of withoutCovered(findings, findings)) {
    const key = `${finding.start} ${finding.end}`;
    const other = best.get(key);
    if (other === undefined || other.confidence < finding.confidence) best.set(key, finding);
  }
  return [...best.values()];
}
