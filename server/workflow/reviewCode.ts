import { CodedError, type CodedErrorData } from "../protocol/errors.ts";
import type { Range, Recommendation, ReviewFinding } from "../protocol/review.ts";
import type { WorkflowTask } from "../protocol/workflow.ts";
import type { ReviewPurpose } from "../review/types.ts";
import { createLineIndex, type Position } from "../text/positions.ts";
import { documentWith } from "./place.ts";
import type { Run } from "./run.ts";

/** What a review says of a version; places are the code's own. */
export interface CodeReview {
  readonly score?: number;
  /** Why there is no score. */
  readonly scoreError?: CodedErrorData;
  readonly findings: readonly ReviewFinding[];
  readonly recommendations: readonly Recommendation[];
}

/** Reviews the code where it stands; undefined: cancelled. Its cost is charged to the budget. */
export async function reviewCode(run: Run, code: string): Promise<CodeReview | undefined> {
  const { place, reviewer, budget, requestId, task } = run;
  const text = documentWith(place, code);
  const lines = createLineIndex(text);
  const start = lines.positionAt(place.before.length);
  const end = lines.positionAt(place.before.length + code.length);
  const isAlone = place.before.trim() === "" && place.after.trim() === "";
  const outcome = await reviewer.review(
    {
      document: {
        ...{ uri: place.uri, path: place.path, languageId: place.languageId, version: 1, text },
        purpose: purposeOf(task),
      },
      scope: isAlone ? "file" : { start: start.line, end: end.line + 1 },
      trigger: "command",
      requestId,
    },
    () => undefined,
    budget.signal,
  );
  // The next version is another text, not a change of this one.
  reviewer.closed(place.uri);
  if (outcome.kind === "cancelled") return undefined;
  const { score, scoreError, findings, recommendations, skipped, tokensUsed } = outcome.result;
  budget.spend(tokensUsed);
  const why =
    scoreError ??
    (score === undefined
      ? new CodedError("DOCUMENT_UNSUPPORTED", skipped?.detail ?? "Nothing was reviewed.").toData()
      : undefined);
  const own = findings.flatMap((finding) => inCode(finding, start, end) ?? []);
  const firstLine = start.line;
  return {
    ...(why === undefined && score !== undefined ? { score } : {}),
    ...(why === undefined ? {} : { scoreError: why }),
    findings: own,
    recommendations: recommendations.flatMap((each) => {
      const kept = each.lines
        .map((line) => line - firstLine)
        .filter((line) => line >= 1 && line <= end.line - firstLine + 1);
      return kept.length === 0 ? [] : [{ ...each, lines: kept }];
    }),
  };
}

/** What a task asks for, as the review is told of it. With code given the task is a change of it. */
function purposeOf({ task, code, requirements, tests }: WorkflowTask): ReviewPurpose {
  const aim = code === undefined ? task : "";
  return { task: aim, requirements, ...(tests === undefined ? {} : { tests }) };
}

/** A finding of the document as one of the code; undefined where it is about something else. */
function inCode(finding: ReviewFinding, start: Position, end: Position): ReviewFinding | undefined {
  const isInside = (range: Range): boolean =>
    !isBefore(range.start, start) && !isBefore(end, range.end);
  const move = (range: Range): Range => ({
    start: moved(range.start, start),
    end: moved(range.end, start),
  });
  if (!isInside(finding.range)) return undefined;
  const { fix, related, ...rest } = finding;
  const edits = fix?.edits;
  return {
    ...rest,
    range: move(finding.range),
    related: related
      .filter(({ range }) => isInside(range))
      .map((each) => ({ ...each, range: move(each.range) })),
    ...(fix !== undefined && edits?.every(({ range }) => isInside(range)) === true
      ? { fix: { ...fix, edits: fix.edits.map((edit) => ({ ...edit, range: move(edit.range) })) } }
      : {}),
  };
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function moved({ line, character }: Position, start: Position): Position {
  return {
    line: line - start.line,
    character: line === start.line ? character - start.character : character,
  };
}
