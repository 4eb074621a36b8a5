import type { Odds } from "../../protocol/host.ts";
import { overlaps, type CodeView } from "./codeView.ts";
import { featuresOf } from "./features.ts";
import { fragmentsOf } from "./fragments.ts";
import type { Weighed } from "./likelihood.ts";
import type { Proposal } from "./proposal.ts";

/** A proposal with the model's figures, before it is compared with the others. */
export interface Measured {
  readonly proposal: Proposal;
  /** Log-odds of the first token that differs, its log-probability as written, and the likeliest one's. */
  readonly first: number;
  readonly written: number;
  readonly best: number;
  readonly odds: Odds;
}

/** Sees each measured proposal beside the others of its chunk: computes its features. */
export function compare(
  view: CodeView,
  measured: readonly Measured[],
  meanSurprise: number,
): Weighed[] {
  const totals = measured.map(({ odds }) => odds.change + odds.after);
  const greatest = (isCounted: (other: Measured) => boolean): number =>
    measured.reduce(
      (most, other, i) => (isCounted(other) ? Math.max(most, totals[i] ?? 0) : most),
      0,
    );
  return measured.map((one) => {
    const { proposal, odds, first, written, best } = one;
    const others = measured.filter((other) => other !== one);
    const isSameSite = (other: Measured): boolean => other.proposal.site === proposal.site;
    return {
      ...one,
      values: featuresOf({
        rule: proposal.rule,
        languageId: view.languageId,
        odds,
        first,
        written,
        best,
        meanSurprise,
        facts: proposal.facts,
        fragments: fragmentsOf(view, proposal),
        rival: greatest((other) => !isSameSite(other) && !overlaps(other.proposal, proposal)),
        siteRival: greatest((other) => other !== one && isSameSite(other)),
        sameElsewhere: others.filter(
          (other) =>
            !isSameSite(other) &&
            other.proposal.written === proposal.written &&
            other.proposal.alternative === proposal.alternative &&
            other.odds.change + other.odds.after > 0,
        ).length,
        alternatives: measured.filter(isSameSite).length,
      }),
    };
  });
}
