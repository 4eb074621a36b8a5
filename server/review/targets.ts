import { findBaseline, linesSince, type Baseline } from "./changes.ts";
import { findConflicts } from "./conflicts.ts";
import type { ReviewerDependencies } from "./dependencies.ts";
import { hashLines, linesIn, linesOf, type LineHash } from "./lines.ts";
import type { LineRange, ReviewRequest } from "./types.ts";
import { CodedError } from "../protocol/errors.ts";

/** Longer lines hold data or minified code: nothing to find there for what they cost. */
const longestLine = 2000;

/** Which lines of a document a review looks at. */
export interface Targets {
  /** To be looked at, ascending. */
  readonly lines: readonly number[];
  /** Hunks of a merge conflict: code that nobody wrote. */
  readonly conflicts: readonly LineRange[];
  /** That should be looked at and cannot be, since they lie in such a hunk. */
  readonly conflicting: readonly number[];
  /** Changed since the last review or what stands for it, whatever this review looks at. */
  readonly due: ReadonlySet<number>;
  readonly comparedWith: Baseline["from"];
}

export type FoundTargets =
  | { readonly kind: "found"; readonly targets: Targets }
  | { readonly kind: "failed"; readonly error: CodedError };

/** Decides which lines a request is about. */
export async function findTargets(
  request: ReviewRequest,
  text: readonly string[],
  hashes: readonly LineHash[],
  reviewed: readonly LineHash[] | undefined,
  opened: readonly LineHash[] | undefined,
  committed: ReviewerDependencies["committed"],
): Promise<FoundTargets> {
  const { document, scope, since } = request;
  const baseline = await findBaseline({
    reviewed,
    opened,
    committed: () => committed(document.uri),
  });
  const due = linesSince(baseline.lines, hashes);
  let chosen: ReadonlySet<number>;
  if (scope === "file") chosen = new Set(hashes.keys());
  else if (scope !== "changed") chosen = linesIn([scope], hashes.length);
  else if (since === undefined) chosen = due;
  else {
    const old = await committed(document.uri, since);
    if (old.kind === "badRevision" || old.kind === "noHead" || old.kind === "noRepository") {
      const detail =
        old.kind === "noRepository"
          ? "There is no git repository to compare with."
          : `Git knows no revision ${since}.`;
      return { kind: "failed", error: new CodedError("VALIDATION_ERROR", detail) };
    }
    const then = old.kind === "text" ? hashLines(linesOf(old.text)) : undefined;
    chosen = linesSince(then, hashes);
  }
  const conflicts = findConflicts(text);
  const inConflict = linesIn(conflicts, text.length);
  const lines: number[] = [];
  const conflicting: number[] = [];
  for (const line of [...chosen].sort((a, b) => a - b)) {
    const own = text[line] ?? "";
    if (own.trim() === "" || own.length > longestLine) continue;
    (inConflict.has(line) ? conflicting : lines).push(line);
  }
  const targets = { lines, conflicts, conflicting, due, comparedWith: baseline.from };
  return { kind: "found", targets };
}
