import type { Usage } from "../../../server/protocol/host.ts";
import type {
  Likelihood,
  LikelihoodOptions,
  Weighed,
} from "../../../server/review/likelihood/likelihood.ts";
import type { Chunk, ReviewDocument } from "../../../server/review/types.ts";
import type { ReviewCase } from "./drawCases.ts";
import { plantBug } from "./inject/bugs.ts";

/** A weighed proposal with what is needed to judge it again under another curve. */
export interface MeasuredProposal {
  readonly weighed: Weighed;
  /** Whether its fix gives the text as it was published. Always false of clean code. */
  readonly restores: boolean;
  /** Whether it is about a line that the bug is on. */
  readonly onBugLine: boolean;
}

/** One version of a function: as published, or with the bug. */
export interface MeasuredVersion {
  /** The whole file, as it was reviewed. */
  readonly text: string;
  readonly proposals: readonly MeasuredProposal[];
  readonly proposed: number;
  readonly tokens: number;
  readonly milliseconds: number;
  readonly lines: number;
}

export interface MeasuredCase {
  readonly case: ReviewCase;
  readonly clean: MeasuredVersion;
  readonly bug: MeasuredVersion;
}

/** Cuts lines of a document into chunks, as the product does. */
export type Cut = (document: ReviewDocument, lines: readonly number[]) => readonly Chunk[];

export interface MeasureOptions {
  readonly likelihood: Likelihood;
  readonly cut: Cut;
  readonly optionsFor: (path: string) => LikelihoodOptions;
  readonly millisecondsOf: (usage: Usage) => number;
}

export function languageIdOf({ language, path }: Pick<ReviewCase, "language" | "path">): string {
  return path.endsWith("x") && language !== "python" ? `${language}react` : language;
}

function lineOf(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, "");
}

/** The text with changes (ascending) made. */
export function applyChanges(
  text: string,
  changes: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): string {
  return changes
    .toReversed()
    .reduce((done, { start, end, text: by }) => done.slice(0, start) + by + done.slice(end), text);
}

/** Weighs the lines `[first, last]` of a document by the product's own code. */
export async function measureLines(
  document: ReviewDocument,
  lines: { readonly first: number; readonly last: number },
  options: MeasureOptions,
  bug?: { readonly original: string; readonly firstLine: number; readonly lastLine: number },
): Promise<MeasuredVersion> {
  const chosen = Array.from({ length: lines.last - lines.first + 1 }, (_, i) => lines.first + i);
  const never = new AbortController().signal;
  const proposals: MeasuredProposal[] = [];
  let [proposed, tokens, milliseconds] = [0, 0, 0];
  const original = bug === undefined ? undefined : withoutSpace(bug.original);
  for (const chunk of options.cut(document, chosen)) {
    const outcome = await options.likelihood.weigh(
      document,
      chunk,
      options.optionsFor(document.path),
      () => undefined,
      never,
    );
    if (outcome.kind === "cancelled") throw new Error("Nobody cancelled it.");
    if (outcome.kind === "failed") {
      if (outcome.error.code === "CONTEXT_OVERFLOW") continue;
      throw outcome.error;
    }
    proposed += outcome.proposed;
    tokens += outcome.usage?.evaluatedTokens ?? 0;
    milliseconds += outcome.usage === undefined ? 0 : options.millisecondsOf(outcome.usage);
    for (const weighed of outcome.weighed) {
      const { start, end, changes } = weighed.proposal;
      const firstLine = lineOf(document.text, start);
      const lastLine = lineOf(document.text, Math.max(start, end - 1));
      proposals.push({
        weighed,
        restores:
          original !== undefined && withoutSpace(applyChanges(document.text, changes)) === original,
        onBugLine: bug !== undefined && firstLine <= bug.lastLine && bug.firstLine <= lastLine,
      });
    }
  }
  return { text: document.text, proposals, proposed, tokens, milliseconds, lines: chosen.length };
}

function documentOf(one: ReviewCase, text: string): ReviewDocument {
  const uri = `eval:///${one.package}/${one.path}`;
  return { uri, path: one.path, languageId: languageIdOf(one), version: 1, text };
}

/** Measures a function as published and with its bug, in turn: they share what is before the bug. */
export async function measureCase(one: ReviewCase, options: MeasureOptions): Promise<MeasuredCase> {
  const { text, start, end, bug } = one;
  const clean = documentOf(one, text);
  const faulty = documentOf(one, plantBug(text, bug));
  const grown = bug.text.length - (bug.end - bug.start);
  const first = lineOf(text, start);
  const bugEnd = bug.start + Math.max(0, bug.text.length - 1);
  return {
    case: one,
    clean: await measureLines(clean, { first, last: lineOf(text, end - 1) }, options),
    bug: await measureLines(
      faulty,
      { first, last: lineOf(faulty.text, end + grown - 1) },
      options,
      {
        original: text,
        firstLine: lineOf(faulty.text, bug.start),
        lastLine: lineOf(faulty.text, bugEnd),
      },
    ),
  };
}
