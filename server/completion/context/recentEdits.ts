import type { Candidate, CandidateSource } from "./candidate.ts";
import type { Likeness } from "./likeness.ts";

const LINES_AROUND = 8;
const MOST_FILES = 6;
/** What was just edited is likelier to matter than its words tell; fades with each older edit. */
const BONUS = 0.12;
const FADE = 0.75;

/** Offers the lines around the latest edits in other files. */
export function createRecentEdits(likeness: Likeness): CandidateSource {
  return (request) => {
    let bonus = BONUS;
    return likeness(request)
      .slice(0, MOST_FILES)
      .flatMap(({ file, scores }) => {
        const { index } = file;
        if (index === undefined) return [];
        return file.edits.slice(0, 2).map((edit): Candidate => {
          const startLine = Math.max(0, edit.startLine - LINES_AROUND);
          const endLine = Math.min(index.lines.length, edit.endLine + 1 + LINES_AROUND);
          const best = index.windows.reduce(
            (most, window, i) =>
              window.startLine < endLine && startLine < window.endLine
                ? Math.max(most, scores[i] ?? 0)
                : most,
            0,
          );
          const score = Math.min(1, best + bonus);
          bonus *= FADE;
          return { file, index, startLine, endLine, score };
        });
      });
  };
}
