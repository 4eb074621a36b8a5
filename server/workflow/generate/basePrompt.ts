import { assemble, type AssembledPrompt } from "../../completion/prompt/assemble.ts";
import { detectFamily, type Family } from "../../completion/prompt/families.ts";
import { fileStart } from "../../completion/prompt/fileStart.ts";
import { cutForHealing } from "../../completion/prompt/heal.ts";
import { currentLine } from "../../text/lines.ts";
import { commentMarkers } from "../../review/commentSyntax.ts";
import { languageTraits } from "../language.ts";
import type { Share } from "../room.ts";
import type { Run } from "../run.ts";
import { shownAfter, shownBefore } from "../surroundings.ts";
import type { BaseStart } from "./baseStart.ts";

export interface BasePrompt extends AssembledPrompt {
  readonly family: Family | undefined;
  readonly texts: readonly string[];
}

/**
 * A file that the model goes on with: its path, tests as another file, what stands before, the start of
 * the code, and what stands after as the suffix. Without a suffix, or a model that fills in, it is the
 * beginning of a file and nothing else.
 */
export function basePrompt(run: Run, { shown, start }: BaseStart, share: Share): BasePrompt {
  const { task, place, model, syntax } = run;
  const { languageId, path } = place;
  const family = detectFamily(model);
  const tests = (task.tests ?? "").slice(0, share.tests).trimEnd();
  const asFile = family?.repository !== undefined;
  const above = place.isMidLine
    ? place.before.slice(0, place.before.length - currentLine(place.before).length)
    : place.before;
  const before =
    (asFile ? "" : inComment(tests, languageId)) +
    shownBefore(syntax, languageId, above, share.before) +
    shown +
    start;
  const suffix = shownAfter(place.after, share.after);
  const snippets =
    asFile && tests !== "" ? [{ path: testPathOf(path), text: `${tests}\n`, score: 1 }] : [];
  const isFilledIn = family !== undefined && (suffix.trim() !== "" || snippets.length > 0);
  const assembled = isFilledIn
    ? assemble(family, { head: "", middle: before, suffix, snippets }, path, "project", true)
    : fileUpTo(family, path, before);
  const texts = assembled.prompt.flatMap((part) => ("text" in part ? [part.text] : []));
  return { ...assembled, family, texts };
}

function fileUpTo(family: Family | undefined, path: string, before: string): AssembledPrompt {
  const { kept, heal } = cutForHealing(before);
  const prompt = [
    ...(family === undefined ? [] : fileStart(family, path)),
    ...(kept === "" ? [] : [{ text: kept }]),
  ];
  return { prompt, heal, characters: kept.length };
}

/** `src/add.ts` → `src/add.test.ts`, `tests/test_add.py` for Python. */
function testPathOf(path: string): string {
  const [, folder = "", name = "", extension = ""] =
    /^(.*\/)?([^/]*?)(\.[^./]*)?$/.exec(path) ?? [];
  return extension === ".py"
    ? `${folder}test_${name}${extension}`
    : `${folder}${name}.test${extension}`;
}

/** Tests for a model that knows no other files: as a comment above. */
function inComment(tests: string, languageId: string): string {
  if (tests === "") return "";
  const [before, after] = commentMarkers(languageId);
  const fence = languageTraits(languageId).doc === "block" ? "//" : before;
  const end = fence === before ? after : "";
  const lines = tests.split("\n").map((line) => `${fence} ${line}${end}`.trimEnd());
  return `${fence} Tests:${end}\n${lines.join("\n")}\n\n`;
}
