import type { Candidate, CandidateSource } from "./candidate.ts";
import type { Likeness } from "./likeness.ts";

/** Windows less like the cursor's surroundings than this only distract. */
const LEAST_SCORE = 0.06;
const MOST_OF_A_FILE = 3;

/** Offers the windows of open files that share the most identifiers with the cursor's surroundings. */
export function createSimilarWindows(likeness: Likeness): CandidateSource {
  return (request) =>
    likeness(request).flatMap(({ file, scores }) => {
      const { index } = file;
      if (index === undefined) return [];
      return index.windows
        .map(({ startLine, endLine }, i): Candidate => {
          const sameLanguage = file.document.languageId === request.document.languageId;
          const score = (scores[i] ?? 0) * (sameLanguage ? 1 : 0.6);
          return { file, index, startLine, endLine, score };
        })
        .filter((candidate) => candidate.score >= LEAST_SCORE)
        .sort((a, b) => b.score - a.score)
        .slice(0, MOST_OF_A_FILE);
    });
}
