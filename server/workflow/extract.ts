import { withLineFeeds } from "../text/lines.ts";
import { indentOf } from "../text/indentation.ts";
import { languageTraits } from "./language.ts";

interface Block {
  readonly name: string;
  readonly code: string;
  readonly isClosed: boolean;
}

/** Code taken from an answer. */
export interface Extracted {
  readonly code: string;
  /** Whether what holds it was closed: code in an open fence may be cut off. */
  readonly isWhole: boolean;
}

/**
 * The code in a model's answer: of several fenced blocks the ones in the language, joined where they
 * differ; without a fence all of it, apart from sentences at its ends.
 * @param prefix how the answer was begun for the model; it is ignored where the model began anew
 */
export function extractCode(answer: string, languageId: string, prefix = ""): Extracted {
  const text = withLineFeeds(answer);
  const own = blocksOf(text);
  const isAnew = own.some(({ name }) => name !== "");
  const blocks = isAnew || prefix === "" ? own : blocksOf(prefix + text);
  if (blocks.length === 0) return { code: withoutSentences(text), isWhole: true };
  const { fenceNames } = languageTraits(languageId);
  const named = blocks.filter(({ name }) => fenceNames.includes(name.toLowerCase()));
  const unnamed = blocks.filter(({ name }) => name === "");
  const chosen = named.length > 0 ? named : unnamed.length > 0 ? unnamed : blocks;
  const code = joined(chosen.map((block) => block.code));
  return { code, isWhole: chosen.every(({ isClosed }) => isClosed) };
}

/** Whether an answer already holds a closed block with code in it: what follows explains it. */
export function hasWholeBlock(answer: string, languageId: string, prefix: string): boolean {
  const own = blocksOf(answer);
  const { fenceNames } = languageTraits(languageId);
  if (own.some(({ name }) => name !== "")) {
    return own.some(
      ({ name, isClosed, code }) =>
        isClosed && code.trim() !== "" && fenceNames.includes(name.toLowerCase()),
    );
  }
  return blocksOf(prefix + answer).some(
    ({ isClosed, code }) => isClosed && code.trim() !== "" && prefix !== "",
  );
}

/** Fenced blocks, CommonMark's way: closed by as many marks of the same kind, or by the end. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { readonly mark: string; readonly name: string; readonly lines: string[] } | undefined;
  for (const line of text.split("\n")) {
    const [, mark = "", info = ""] = /^\s*(`{3,}|~{3,})\s*(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (mark !== "") open = { mark, name: info.split(/[\s{]/)[0] ?? "", lines: [] };
    } else if (mark.startsWith(open.mark) && info.trim() === "") {
      blocks.push({ name: open.name, code: open.lines.join("\n"), isClosed: true });
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) {
    blocks.push({ name: open.name, code: open.lines.join("\n"), isClosed: false });
  }
  return blocks;
}

/** One after the other; one that is part of another, such as an excerpt of it, only once. */
function joined(codes: readonly string[]): string {
  const parts = codes.map((code) => trimLines(code)).filter((code) => code !== "");
  const kept = parts.filter(
    (part, index) =>
      !parts.some(
        (other, at) =>
          at !== index && other.includes(part) && (other.length > part.length || at < index),
      ),
  );
  return kept.join("\n\n");
}

const sentence = /^\p{Lu}[\p{L}\p{N}\s,'’`()-]*[.:!?]$/u;

function withoutSentences(text: string): string {
  const lines = trimLines(text).split("\n");
  const isSentence = (line: string | undefined) =>
    line !== undefined && (line.trim() === "" || sentence.test(line.trim()));
  let start = 0;
  let end = lines.length;
  while (start < end && isSentence(lines[start])) start++;
  while (end > start && isSentence(lines[end - 1])) end--;
  // Nothing but sentences: whoever looks at it is to see that.
  return start === end ? trimLines(text) : lines.slice(start, end).join("\n");
}

/** Without blank lines at its ends and blanks behind it. */
function trimLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
}

/**
 * Code as it stands at its place: its own common indentation is replaced; the first line, which
 * follows the indentation that is there, gets none.
 */
export function indented(code: string, indent: string): string {
  const lines = code.split("\n");
  const widths = lines.flatMap((line) => (line.trim() === "" ? [] : [indentOf(line).length]));
  const common = widths.length === 0 ? 0 : Math.min(...widths);
  return lines
    .map((line, index) => {
      if (line.trim() === "") return "";
      const rest = line.slice(common);
      return index === 0 ? rest : indent + rest;
    })
    .join("\n");
}
