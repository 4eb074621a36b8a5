import type { CompletionRequest, ContextSnippet, ContextSource } from "../types.ts";

/** The best snippets of all sources that fit, likeliest last: nearest to the text being completed. */
export function gatherSnippets(
  sources: readonly ContextSource[],
  request: CompletionRequest,
  maxCharacters: number,
): readonly ContextSnippet[] {
  const offered = sources
    .flatMap((source) => source.snippets(request, maxCharacters))
    .sort((left, right) => right.score - left.score);
  const chosen: ContextSnippet[] = [];
  const seen = new Set<string>();
  let left = maxCharacters;
  for (const snippet of offered) {
    const length = snippet.path.length + snippet.text.length + 2;
    const key = `${snippet.path}\n${snippet.text}`;
    if (length > left || seen.has(key)) continue;
    seen.add(key);
    left -= length;
    chosen.unshift(snippet);
  }
  return chosen;
}
