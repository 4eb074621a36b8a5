import type { Tree } from "@vscode/tree-sitter-wasm";
import { grammarOf } from "./grammars.ts";
import type { CodeReading, Span } from "./reading.ts";
import { conflicts } from "./reading/brokenSpans.ts";
import { culprits, displacedDeclarations, hide } from "./reading/displaced.ts";
import type { LanguageTable } from "./reading/languageTable.ts";
import { readSurvey } from "./reading/readSurvey.ts";
import { entry } from "./reading/entry.ts";
import { survey } from "./reading/survey.ts";
import { tables } from "./reading/tables.ts";

/** Parses of the text with more hidden; each takes a few milliseconds. */
const MOST_TRIED = 12;

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
  for (let tried = 0, better = true; better && best.reading.errors.length > 0;) {
    better = false;
    for (const culprit of culprits(best.text, best.displaced, best.reading.errors)) {
      const next = tried++ < MOST_TRIED ? hideMore(best, culprit, table, parse) : undefined;
      if (next === undefined) return best.reading;
      better = isBetter(next, best);
      if (!better) continue;
      best = next;
      break;
    }
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

function hideMore(
  last: Attempt,
  culprit: Span,
  table: LanguageTable,
  parse: (text: string) => Tree | undefined,
): Attempt | undefined {
  const text = hide(last.text, culprit);
  const tree = parse(text);
  if (tree === undefined) return undefined;
  const attempt = read({ tree, table, text, hidden: [...last.hidden, culprit] });
  tree.delete();
  return attempt;
}

/** Fewer declarations are lost, or as few and more is understood. */
function isBetter(next: Attempt, last: Attempt): boolean {
  const lost = next.displaced.length - last.displaced.length;
  return lost < 0 || (lost === 0 && next.reading.names.length > last.reading.names.length);
}
