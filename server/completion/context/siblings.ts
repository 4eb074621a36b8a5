import type { Candidate, CandidateSource } from "./candidate.ts";
import type { Likeness } from "./likeness.ts";

const HEAD_LINES = 25;
const MOST = 3;
/** The head of a sibling tells the imports and the style of the folder, little else. */
const SCORE = 0.05;

/** Offers the first lines of open files of the same folder and language. */
export function createSiblings(likeness: Likeness): CandidateSource {
  return (request) => {
    const folder = folderOf(request.document.path);
    return likeness(request)
      .filter(
        ({ file: { document } }) =>
          document.languageId === request.document.languageId && folderOf(document.path) === folder,
      )
      .slice(0, MOST)
      .flatMap(({ file, scores }): Candidate[] => {
        const { index } = file;
        if (index === undefined) return [];
        const endLine = Math.min(HEAD_LINES, index.lines.length);
        return [
          { file, index, startLine: 0, endLine, score: Math.min(1, SCORE + (scores[0] ?? 0)) },
        ];
      });
  };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
