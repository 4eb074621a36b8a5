import type { Tree } from "@vscode/tree-sitter-wasm";
import { grammarOf } from "./grammars.ts";
import type { CodeReading, Span } from "./reading.ts";
import { conflicts } from "./reading/brokenSpans.ts";
import { culprits, displacedDeclarations, hide } from "./reading/displaced.ts";
import type { LanguageTable } from "./reading/languageTable.ts";
import { readSurvey } from "./reading/readSurvey.ts";
import { entry, survey } from "./reading/survey.ts";
import { tables } from "./reading/tables.ts";

/** How often something more is hidden from the parser; each time costs a parse or two. */
const MOST_HIDDEN = 3;
/** Displaced declarations of which the one before is tried: the first may be broken itself. */
const MOST_TRIED = 2;

/**
 * Reads a tree for a reviewer; undefined for a language whose node types are not known. Where an error makes the
 * parser lose the declarations after it, `parse` is asked for trees of the text with the error hidden; they are
 * deleted here.
 */
export function readCode(
  tree: Tree,
  languageId: string,
  text: string,
  parse: (text: string) => Tree | undefined = () => undefined,
): CodeReading | undefined {
  const table = entry(tables, grammarOf(languageId) ?? "");
  if (table === undefined) return undefined;
  let best = withoutConflicts(tree, table, text, parse);
  for (let round = 0; round < MOST_HIDDEN; round++) {
    const better = hideMore(best, table, parse);
    if (better === undefined) break;
    best = better;
  }
  return best.reading;
}

interface Attempt {
  readonly reading: CodeReading;
  readonly text: string;
  readonly hidden: readonly Span[];
  readonly displaced: readonly number[];
}

interface Source {
  readonly tree: Tree;
  readonly table: LanguageTable;
  readonly text: string;
  readonly hidden: readonly Span[];
}

function read({ tree, table, text, hidden }: Source): Attempt {
  const found = survey(tree, table, text, hidden);
  return { reading: readSurvey(found), text, hidden, displaced: displacedDeclarations(found) };
}

/** Both sides of a conflict at once are no code. */
function withoutConflicts(
  tree: Tree,
  table: LanguageTable,
  text: string,
  parse: (text: string) => Tree | undefined,
): Attempt {
  const hidden = conflicts(text);
  const clean = hidden.reduce(hide, text);
  const reparsed = hidden.length === 0 ? undefined : parse(clean);
  if (reparsed === undefined) return read({ tree, table, text, hidden });
  const attempt = read({ tree: reparsed, table, text: clean, hidden });
  reparsed.delete();
  return attempt;
}

/** The next better reading, or undefined. */
function hideMore(
  last: Attempt,
  table: LanguageTable,
  parse: (text: string) => Tree | undefined,
): Attempt | undefined {
  for (const offset of last.displaced.slice(0, MOST_TRIED)) {
    for (const culprit of culprits(last.text, offset, last.reading.errors)) {
      const text = hide(last.text, culprit);
      const tree = parse(text);
      if (tree === undefined) return undefined;
      const next = read({ tree, table, text, hidden: [...last.hidden, culprit] });
      tree.delete();
      if (next.displaced.length < last.displaced.length) return next;
    }
  }
  return undefined;
}
