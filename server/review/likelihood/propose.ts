import type { RuleId } from "../../protocol/review.ts";
import type { CodeView } from "./codeView.ts";
import { editKinds } from "./kinds/kinds.ts";
import type { EditKind, Proposal } from "./proposal.ts";

/** All proposals of the kinds that are on, in the text's order; of equal changes only the first. */
export function propose(
  code: CodeView,
  isOn: (rule: RuleId) => boolean,
  kinds: readonly EditKind[] = editKinds,
): Proposal[] {
  const seen = new Set<string>();
  return kinds
    .filter(({ rule }) => isOn(rule))
    .flatMap((kind) => kind.propose(code))
    .filter(({ changes }) => {
      const key = JSON.stringify(changes);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    })
    .sort((a, b) => a.site - b.site);
}
