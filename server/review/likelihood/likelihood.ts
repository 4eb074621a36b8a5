import type { Engine } from "../../engine/engine.ts";
import type { CodedError } from "../../protocol/errors.ts";
import type { Odds, PromptPart, Usage, WeighResult } from "../../protocol/host.ts";
import type { RuleId } from "../../protocol/review.ts";
import type { CodeReading } from "../../syntax/reading.ts";
import type { Syntax } from "../../syntax/syntaxService.ts";
import type { Chunk, ReviewDocument } from "../types.ts";
import { budgetOf, type Budget } from "./budget.ts";
import { createCodeView, type CodeView } from "./codeView.ts";
import { createChunkReader } from "./chunkReader.ts";
import { compare, type Measured } from "./compare.ts";
import { modelTextOf } from "./modelText.ts";
import type { Proposal } from "./proposal.ts";
import { propose } from "./propose.ts";

/** A proposal with what the model thinks of it. */
export interface Weighed extends Measured {
  /** Values of the features, in the order of `featureNames`. */
  readonly values: readonly number[];
}

export type WeighOutcome =
  | {
      readonly kind: "done";
      readonly view: CodeView;
      /** Those weighed to their end, in the text's order. */
      readonly weighed: readonly Weighed[];
      /** How many there were to choose from. */
      readonly proposed: number;
      /** Absent where the model was not asked: no grammar, or nothing to propose. */
      readonly usage: Usage | undefined;
    }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: CodedError };

export interface LikelihoodOptions {
  /** Before the text: how a file starts for this family of models. May be empty. */
  readonly prefix: readonly PromptPart[];
  readonly isOn: (rule: RuleId) => boolean;
  /** In place of what follows from the number of lines. */
  readonly budget?: Partial<Budget>;
}

/** Weighs minimal changes of a chunk of code against the code as written. */
export interface Likelihood {
  /**
   * `onWeighed` is told of each proposal as soon as it is weighed, its features as far as they are
   * known then, with the view that the proposal belongs to.
   */
  weigh(
    document: ReviewDocument,
    chunk: Chunk,
    options: LikelihoodOptions,
    onWeighed: (weighed: Weighed, view: CodeView) => void,
    signal: AbortSignal,
  ): Promise<WeighOutcome>;
}

/** Creates it; remembers the reading of the last document only. */
export function createLikelihood(dependencies: {
  readonly engine: Pick<Engine, "weigh">;
  readonly syntax: Pick<Syntax, "read" | "load">;
}): Likelihood {
  const { engine, syntax } = dependencies;
  const read = createChunkReader(syntax);

  return {
    async weigh(document, chunk, { prefix, isOn, budget }, onWeighed, signal) {
      const reading = await read(document, chunk);
      if (signal.aborted) return { kind: "cancelled" };
      const view = createCodeView(document, chunk, reading ?? nothingRead);
      const all = propose(view, isOn);
      const proposals = all.filter(({ changes }) => changes.length > 0);
      const plain = all.filter(({ changes }) => changes.length === 0).map(unweighed);
      if (proposals.length === 0) {
        const weighed = compare(view, plain, 1);
        return { kind: "done", view, weighed, proposed: all.length, usage: undefined };
      }
      const model = modelTextOf(document.text, chunk);
      const sites = [...new Set(proposals.map(({ site }) => site))];
      const early: Measured[] = [];
      const outcome = await engine.weigh(
        {
          prefix: [...prefix],
          text: model.text,
          from: model.from,
          alternatives: proposals.map((proposal) =>
            model.alternativeOf(proposal, sites.indexOf(proposal.site)),
          ),
          ...budgetOf(chunk.lines),
          ...budget,
          priority: "background",
        },
        ({ alternative, first, written, odds }) => {
          const proposal = proposals[alternative];
          if (proposal === undefined || signal.aborted) return;
          const measured = measure(proposal, first, written, odds, written);
          if (measured === undefined) return;
          early.push(measured);
          const weighed = compare(view, early, 1).at(-1);
          if (weighed !== undefined) onWeighed(weighed, view);
        },
        signal,
      );
      if (outcome.kind === "failed") return outcome;
      if (outcome.kind === "cancelled") return { kind: "cancelled" };
      const { value } = outcome;
      const measured = proposals.flatMap((proposal, i) => {
        const known = value.alternatives[i];
        if (known?.odds === undefined || known.first === undefined) return [];
        const at = model.at(proposal.changes[0]?.start ?? proposal.start);
        const best = bestAt(value, at) ?? 0;
        return measure(proposal, known.first, known.written ?? 0, known.odds, best) ?? [];
      });
      return {
        kind: "done",
        view,
        weighed: compare(view, [...plain, ...measured], meanSurpriseOf(value)),
        proposed: all.length,
        usage: value.usage,
      };
    },
  };
}

/** What the code alone says: the model has nothing to weigh. */
function unweighed(proposal: Proposal): Measured {
  const odds = { change: 0, after: 0, complete: true };
  return { proposal, first: 0, written: 0, best: 0, odds };
}

/** Undefined for what was given up, and for a model whose figures are no numbers. */
function measure(
  proposal: Proposal,
  first: number,
  written: number,
  odds: Odds,
  best: number,
): Measured | undefined {
  if (!odds.complete) return undefined;
  if (![first, written, best, odds.change, odds.after].every(Number.isFinite)) return undefined;
  return { proposal, first, written, best, odds };
}

/** Log-probability of the likeliest token where an offset lies. */
function bestAt({ tokens }: WeighResult, offset: number): number | undefined {
  return tokens.find(({ end }) => end > offset)?.bestLogProbability;
}

function meanSurpriseOf({ tokens }: WeighResult): number {
  const surprises = tokens.map((token) => -token.logProbability).filter(Number.isFinite);
  return surprises.reduce((sum, value) => sum + value, 0) / Math.max(1, surprises.length);
}

const nothingRead: CodeReading = {
  units: [],
  imports: [],
  declarations: [],
  names: [],
  scopes: [],
  operators: [],
  literals: [],
  calls: [],
  members: [],
  conditions: [],
  statements: [],
  comments: [],
  errors: [],
};
