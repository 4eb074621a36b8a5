import type { CompletionRequest, ContextSnippet, ContextSource } from "../types.ts";
import { snippetOf, type Candidate, type CandidateSource } from "./candidate.ts";
import { createLikeness } from "./likeness.ts";
import type { OpenFiles } from "./openFiles.ts";
import { createRecentEdits } from "./recentEdits.ts";
import { createSiblings } from "./siblings.ts";
import { createSimilarWindows } from "./similarWindows.ts";

const MOST_SNIPPETS = 8;
/** A snippet is cut to what is left of the budget, but not to less than this many characters. */
const LEAST_CUT = 200;

/** Creates the context of a completion: every source's offers, ranked into the budget. */
export function createContext(files: OpenFiles): ContextSource {
  const likeness = createLikeness(files);
  return createRanking([
    createSimilarWindows(likeness),
    createRecentEdits(likeness),
    createSiblings(likeness),
  ]);
}

/** Ranks what the sources offer: likeliest first, no line twice, no text twice, within the budget. */
export function createRanking(sources: readonly CandidateSource[]): ContextSource {
  return {
    snippets(request: CompletionRequest, maxCharacters: number): readonly ContextSnippet[] {
      const offered = sources
        .flatMap((source) => source(request))
        .sort((a, b) => b.score - a.score);
      const chosen: Candidate[] = [];
      const snippets: ContextSnippet[] = [];
      let left = maxCharacters;
      for (const candidate of offered) {
        if (snippets.length === MOST_SNIPPETS || left < LEAST_CUT) break;
        if (chosen.some((other) => overlap(other, candidate))) continue;
        const snippet = cutTo(snippetOf(candidate), left);
        if (snippet === undefined || snippets.some(({ text }) => text === snippet.text)) continue;
        chosen.push(candidate);
        snippets.push(snippet);
        left -= snippet.text.length + snippet.path.length + 2;
      }
      return snippets;
    },
  };
}

function overlap(a: Candidate, b: Candidate): boolean {
  return (
    a.file.document.uri === b.file.document.uri &&
    a.startLine < b.endLine &&
    b.startLine < a.endLine
  );
}

/** Shortens a snippet to whole lines; undefined where too little would be left. */
function cutTo(snippet: ContextSnippet, characters: number): ContextSnippet | undefined {
  const room = characters - snippet.path.length - 2;
  if (snippet.text === "") return undefined;
  if (snippet.text.length <= room) return snippet;
  const end = snippet.text.lastIndexOf("\n", room);
  return end < LEAST_CUT ? undefined : { ...snippet, text: snippet.text.slice(0, end) };
}
