import type { Engine } from "../../engine/engine.ts";
import type { ModelDescription, PromptPart } from "../../protocol/host.ts";
import type { RuleId } from "../../protocol/review.ts";
import type { Syntax } from "../../syntax/syntaxService.ts";
import type { ChunkReviewer } from "../types.ts";
import { confidenceOf } from "./calibrate.ts";
import { choose, type Judged } from "./choose.ts";
import { curveFor, curves, type FittedCurve } from "./curves.ts";
import { createLikelihood, type Weighed } from "./likelihood.ts";
import { toFinding } from "./toFinding.ts";

/** Setting that leaves the least confidence to the curve. */
const CURVES_OWN_THRESHOLD = -1;

/** Findings this much less likely than those shown are kept for the list of low-confidence ones. */
const KEPT_SHARE = 0.2;

export interface LikelihoodReviewerDependencies {
  readonly engine: Pick<Engine, "state" | "weigh">;
  readonly syntax: Pick<Syntax, "read" | "load">;
  /** The family of a model and how it was shown the start of a file; undefined: not known. */
  readonly familyOf: (model: ModelDescription) =>
    | {
        readonly id: string;
        readonly fileStart: (path: string) => readonly PromptPart[];
      }
    | undefined;
  readonly settings: () => {
    /** Least confidence that is shown, 0 to 1; below 0: the curve's own. */
    readonly minConfidence: number;
    readonly isOn: (rule: RuleId) => boolean;
  };
  readonly curves?: readonly FittedCurve[];
}

/** Reviews chunks by the likelihood of minimal changes. */
export function createLikelihoodReviewer(
  dependencies: LikelihoodReviewerDependencies,
): ChunkReviewer {
  const { engine, familyOf, settings } = dependencies;
  const likelihood = createLikelihood(dependencies);
  return {
    async review(document, chunk, onFinding, signal) {
      const { state } = engine;
      const model = state.kind === "ready" ? state.model : undefined;
      const family = model && familyOf(model);
      const { curve } = curveFor(
        model ?? { parameters: 0 },
        family?.id ?? "",
        dependencies.curves ?? curves,
      );
      const { minConfidence, isOn } = settings();
      const threshold = minConfidence <= CURVES_OWN_THRESHOLD ? curve.threshold : minConfidence;
      const judge = (weighed: Weighed): Judged => ({
        weighed,
        confidence: confidenceOf(weighed.values, curve),
      });
      const outcome = await likelihood.weigh(
        document,
        chunk,
        {
          prefix: family?.fileStart(document.path) ?? [],
          isOn: (rule) => isOn(rule) && !curve.quiet.includes(rule),
        },
        (weighed, view) => {
          const judged = judge(weighed);
          if (judged.confidence >= threshold) onFinding(toFinding(judged, view, true));
        },
        signal,
      );
      if (outcome.kind !== "done") return outcome;
      const { view, weighed, usage } = outcome;
      const findings = choose(
        weighed.map(judge).filter(({ confidence }) => confidence >= threshold * KEPT_SHARE),
        document.text,
      ).map((judged) => toFinding(judged, view, judged.confidence >= threshold));
      return { kind: "done", findings, usage };
    },
  };
}
