import { ruleDeclarations, type Severity } from "../../protocol/review.ts";
import type { Finding } from "../types.ts";
import type { Judged } from "./choose.ts";
import type { CodeView } from "./codeView.ts";
import { editKinds } from "./kinds/kinds.ts";

/** Puts a judged proposal into words. */
export function toFinding(
  { weighed, confidence }: Judged,
  view: CodeView,
  shown: boolean,
): Finding {
  const { proposal, odds } = weighed;
  const kind = editKinds.find(({ rule }) => rule === proposal.rule);
  const total = odds.change + odds.after;
  const { declaredAt, alternative } = proposal;
  return {
    rule: proposal.rule,
    origin: "likelihood",
    start: proposal.start,
    end: proposal.end,
    message: kind?.message(proposal, view) ?? "",
    why:
      proposal.changes.length === 0
        ? "The code says so by itself; the model was not asked."
        : why(total, odds.after),
    confidence,
    odds: total,
    severity: severityOf(ruleDeclarations[proposal.rule].severity, confidence, shown),
    changes: proposal.changes,
    related:
      declaredAt === undefined
        ? []
        : [{ ...declaredAt, message: `\`${alternative}\` is declared here.` }],
    tags: kind?.tags ?? [],
    shown,
  };
}

/** What is rather wrong than right is drawn as information at most; what is kept back is a hint. */
function severityOf(declared: Severity, confidence: number, shown: boolean): Severity {
  if (!shown) return "hint";
  return confidence < 0.5 && declared !== "hint" ? "information" : declared;
}

function why(total: number, after: number): string {
  const times = Math.exp(Math.min(total, 20));
  const figure =
    times >= 1e6 ? "over a million" : times >= 10 ? Math.round(times) : times.toFixed(1);
  const first = `To the model the code is ${figure} times as likely with this change (${total.toFixed(1)} nats).`;
  if (after < 1) return first;
  return `${first} The code that follows agrees: ${after.toFixed(1)} of these nats come from it.`;
}
