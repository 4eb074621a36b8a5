import type { WorkflowResult, WorkflowRound } from "../../protocol/workflow.ts";

const endings: Readonly<Record<WorkflowResult["end"], string>> = {
  score: "the score is good enough",
  noImprovement: "nothing brought a better version",
  rounds: "all rounds were used",
  tokens: "the tokens allowed were used up",
  seconds: "the seconds allowed were used up",
  cancelled: "cancelled, the best until then",
  failed: "a later step failed",
  generated: "only code was asked for",
};

/** A result for people: the code, then what is known of it and what it took. */
export function describeWorkflow(result: WorkflowResult, writtenTo?: string): string {
  const { findings, recommendations, end, model, tokensUsed, workflowTime } = result;
  const shown = findings.filter((finding) => finding.shown);
  return [
    ...(writtenTo === undefined
      ? [result.code.replace(/\n$/, ""), ""]
      : [`written to ${writtenTo}`]),
    `${scoreOf(result)}${weighed(result)}; ${endings[end]}`,
    ...shown.map(
      ({ range, message, confidence }) =>
        `  line ${range.start.line + 1}: ${message} (${percent(confidence)})`,
    ),
    ...recommendations.map(({ message }) => `  recommended: ${message}`),
    ...result.rounds.flatMap((round, index) => describeRound(round, index === result.best)),
    ...result.steps.map(
      ({ step, round, tokensUsed: tokens, durationMs }) =>
        `${step.padEnd(9)} ${round}  ${String(tokens).padStart(6)} tokens  ${seconds(durationMs)}`,
    ),
    `total        ${String(tokensUsed).padStart(6)} tokens  ${seconds(workflowTime)}`,
    `model  ${model}, request ${result.requestId}`,
  ].join("\n");
}

function describeRound(round: WorkflowRound, isBest: boolean): string[] {
  const by = { model: "written by the model", fixes: "fixes applied", given: "as given" }[round.by];
  const marks = isBest ? " ← result" : round.accepted ? "" : ", not better";
  return [
    `round ${round.round}: ${by}, ${scoreOf(round)}${marks}`,
    ...round.changes.map((change) => `    ${change}`),
  ];
}

/** A review that found nothing to look at says no more than that. */
function weighed({ score, steps, findings }: WorkflowResult): string {
  const reviews = steps.filter(({ step }) => step === "review");
  const isEmpty = reviews.every(({ tokensUsed }) => tokensUsed === 0) && findings.length === 0;
  return score !== undefined && isEmpty ? " (but it holds nothing that a review can weigh)" : "";
}

function scoreOf({ score, scoreError }: Pick<WorkflowRound, "score" | "scoreError">): string {
  if (score !== undefined) return `score ${score}`;
  return scoreError === undefined ? "not reviewed" : `no score (${scoreError.code})`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function percent(share: number): string {
  return `${Math.min(99, Math.round(100 * share))}%`;
}
