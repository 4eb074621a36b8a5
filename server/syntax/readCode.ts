import type { Tree } from "@vscode/tree-sitter-wasm";
import { grammarOf } from "./grammars.ts";
import type { CodeReading, Span } from "./reading.ts";
import { conflicts } from "./reading/brokenSpans.ts";
import { hide, isStray, suspects } from "./reading/culprits.ts";
import { displacedDeclarations } from "./reading/displaced.ts";
import { entry } from "./reading/entry.ts";
import type { LanguageTable } from "./reading/languageTable.ts";
import { readSurvey } from "./reading/readSurvey.ts";
import { survey, type Survey } from "./reading/survey.ts";
import { tables } from "./reading/tables.ts";

/** Parses of a broken text with parts of it hidden; each takes some milliseconds. */
const MOST_PARSES = 24;
/** Broken members of one declaration that are looked for. */
const MOST_BROKEN = 3;

type Parse = (text: string) => Tree | undefined;

/**
 * Reads a tree for a reviewer; undefined for a language whose node types are not known. Where an error makes the
 * parser lose the declarations after it, `parse` is asked for trees of the text with the error hidden; they are
 * deleted here.
 */
export function readCode(
  tree: Tree,
  languageId: string,
  text: string,
  parse: Parse = () => undefined,
): CodeReading | undefined {
  const table = entry(tables, grammarOf(languageId) ?? "");
  if (table === undefined) return undefined;
  let parses = MOST_PARSES;
  const parseSome: Parse = (hidden) => (parses-- > 0 ? parse(hidden) : undefined);
  let best = withoutConflicts(tree, table, text, parseSome);
  while (best.survey.errors.length > 0) {
    const better = improved(best, table, parseSome);
    if (better === undefined) break;
    best = better;
  }
  return readSurvey(best.survey);
}

/** What is understood of a text when parts of it are hidden. */
interface Attempt {
  readonly survey: Survey;
  readonly hidden: readonly Span[];
  /** Declarations that the parser lost. */
  readonly displaced: readonly number[];
  /** Named nodes outside errors. */
  readonly understood: number;
}

function look(tree: Tree, table: LanguageTable, text: string, hidden: readonly Span[]): Attempt {
  const found = survey(tree, table, text, hidden);
  const displaced = displacedDeclarations(found);
  const good = ({ errors, nodes, broken }: Survey): number =>
    errors.length === 0 ? nodes.length : nodes.filter((node) => node.named && !broken(node)).length;
  return { survey: found, hidden, displaced, understood: good(found) };
}

/** Both sides of a conflict at once are no code. */
function withoutConflicts(tree: Tree, table: LanguageTable, text: string, parse: Parse): Attempt {
  const hidden = conflicts(text);
  const clean = hidden.reduce(hide, text);
  const reparsed = hidden.length === 0 ? undefined : parse(clean);
  if (reparsed === undefined) return look(tree, table, text, hidden);
  const attempt = look(reparsed, table, clean, hidden);
  reparsed.delete();
  return attempt;
}

/** The same with one more part hidden, if that helps. */
function improved(last: Attempt, table: LanguageTable, parse: Parse): Attempt | undefined {
  const { text, errors } = last.survey;
  for (const suspect of suspects(text, last.displaced, errors)) {
    const parts = "part" in suspect ? [suspect.part] : brokenMembers(suspect.members, text, parse);
    if (parts.length === 0) continue;
    const rest = parts.reduce(hide, text);
    const tree = parse(rest);
    if (tree === undefined) return undefined;
    const next = look(tree, table, rest, [...last.hidden, ...parts]);
    tree.delete();
    if (isBetter(next, last)) return next;
  }
  return undefined;
}

/** Members without which the text parses, as far as that is found out. */
function brokenMembers(members: readonly Span[], text: string, parse: Parse): readonly Span[] {
  const broken: Span[] = [];
  const parsesWith = (count: number): boolean | undefined => {
    const tree = parse([...broken, ...members.slice(count)].reduce(hide, text));
    const clean = tree && !tree.rootNode.hasError;
    tree?.delete();
    return clean;
  };
  while (broken.length < MOST_BROKEN && members.length > 1) {
    // The text parses with the first `low` members and does not with the first `high`.
    let low = 0;
    let high = members.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const clean = parsesWith(middle);
      if (clean === undefined) return broken;
      if (clean) low = middle;
      else high = middle;
    }
    const member = members[low];
    if (member === undefined || broken.includes(member)) break;
    broken.push(member);
    if (parsesWith(members.length) !== false) break;
  }
  return broken;
}

/** Fewer declarations are lost, or as few and more is understood. */
function isBetter(next: Attempt, last: Attempt): boolean {
  const lost = lostIn(next) - lostIn(last);
  return lost < 0 || (lost === 0 && next.understood > last.understood);
}

function lostIn({ displaced, survey: { errors, textOf } }: Attempt): number {
  return displaced.length + errors.filter((error) => isStray(textOf(error))).length;
}
