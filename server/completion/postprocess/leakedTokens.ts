import type { FilterContext } from "./filter.ts";

/** The control tokens of the model families, as text; a model that leaks one has left the middle. */
const SPECIAL =
  /<\|?(?:fim[_-](?:prefix|middle|suffix|pad)|fim[▁_](?:hole|begin|end)|file_sep(?:arator)?|repo_?name|endoftext|end_of_text|reponame|filename|gh_stars|commit_(?:before|msg|after)|issue_(?:start|comment|closed)|jupyter_(?:start|text|code|output)|empty_output|im_(?:start|end)|cursor)\|?>|<｜[^｜\n]{1,24}｜>|\[(?:PREFIX|SUFFIX|MIDDLE)\]|<(?:PRE|SUF|MID|EOT)>|<\/s>/u;

/** Cuts at the first leaked control token, unless the user's own text has the same one. */
export function leakedTokens(
  text: string,
  { before, after }: Pick<FilterContext, "before" | "after">,
): string {
  let from = 0;
  for (let match = SPECIAL.exec(text); match !== null; match = SPECIAL.exec(text.slice(from))) {
    const [token] = match;
    if (!before.includes(token) && !after.includes(token)) return text.slice(0, from + match.index);
    from += match.index + token.length;
  }
  return text;
}
