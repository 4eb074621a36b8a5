/** Lines of a document. */
export interface LinesOf {
  readonly lineCount: number;
  line(index: number): string;
}

/** A comment that says what is to be done. */
export interface CommentTask {
  /** Its words, without the marks of a comment. */
  readonly text: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

const byLanguage: Readonly<Record<string, RegExp>> = {
  ...each(/^#(?!!)/, "python ruby shellscript perl r yaml toml makefile dockerfile elixir julia"),
  ...each(/^#(?!!)/, "powershell coffeescript nim properties dotenv cmake"),
  ...each(/^--/, "sql lua haskell ada elm"),
  ...each(/^;/, "clojure lisp scheme ini asm"),
  ...each(/^%/, "latex tex erlang matlab prolog"),
  ...each(/^<!--|^-->/, "html xml markdown vue svelte"),
};
const otherMark = /^(?:\/\/|\/\*|\*)/;
const marks =
  /^\s*(?:\/\/[/!]?|\/\*\*?|\*\/|\*(?!\/)|#+|--+|;+|%+|<!--|-->)\s?|\s*(?:\*\/|-->)\s*$/g;

function each(mark: RegExp, languages: string): Record<string, RegExp> {
  return Object.fromEntries(languages.split(" ").map((language) => [language, mark]));
}

/**
 * The comment in these lines, or the one that ends on or just above the cursor's line where that is
 * blank; undefined where there is none, or other things are among the lines.
 */
export function commentTask(
  document: LinesOf,
  languageId: string,
  selected: { readonly first: number; readonly last: number; readonly isEmpty: boolean },
): CommentTask | undefined {
  const mark = byLanguage[languageId] ?? otherMark;
  const isBlank = (index: number) => document.line(index).trim() === "";
  const isComment = (index: number) =>
    index >= 0 && index < document.lineCount && mark.test(document.line(index).trim());
  let { first, last } = selected;
  if (selected.isEmpty) {
    if (isBlank(last) && isComment(last - 1)) last -= 1;
    first = last;
    while (isComment(first - 1)) first -= 1;
    while (isComment(last + 1)) last += 1;
  } else {
    while (first < last && isBlank(first)) first += 1;
    while (last > first && isBlank(last)) last -= 1;
  }
  for (let index = first; index <= last; index++) {
    if (!isComment(index) && !(isBlank(index) && !selected.isEmpty)) return undefined;
  }
  const words = [];
  for (let index = first; index <= last; index++) {
    words.push(document.line(index).replaceAll(marks, "").trimEnd());
  }
  const text = words.join("\n").trim();
  return text === "" ? undefined : { text, firstLine: first, lastLine: last };
}
