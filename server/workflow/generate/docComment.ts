import { commentMarkers } from "../../review/commentSyntax.ts";
import { languageTraits } from "../language.ts";

/** Longest line of a comment, in characters, its marks not counted. */
const width = 88;

/** What is to be done, as lines of a comment: the task's words, then the requirements as a list. */
export function taskLines(task: string, requirements: readonly string[]): string[] {
  const lines = task
    .trim()
    .split(/\r\n?|\n/)
    .flatMap(wrap);
  const demands = requirements.map((each) => each.trim()).filter((each) => each !== "");
  if (demands.length === 0) return lines;
  return [
    ...lines,
    "",
    ...demands.flatMap((each) =>
      wrap(each.replace(/\s+/g, " ")).map((line, index) => `${index === 0 ? "- " : "  "}${line}`),
    ),
  ];
}

/**
 * A comment in front of a declaration, as the language writes documentation. Each line ends in a line
 * feed; all but the first are indented, since the first stands where the indentation is already.
 * @param inside a docstring, for the first lines of a body; only where the language has such
 */
export function docComment(
  lines: readonly string[],
  languageId: string,
  indent: string,
  inside = false,
): string {
  const { doc } = languageTraits(languageId);
  const written = inside && doc === "docstring" ? docstring(lines) : comment(lines, languageId);
  return written
    .map((line, index) => `${index === 0 || line === "" ? line : indent + line}\n`)
    .join("");
}

function comment(lines: readonly string[], languageId: string): string[] {
  const { doc } = languageTraits(languageId);
  if (doc === "block") {
    const safe = lines.map((line) => line.replaceAll("*/", "* /"));
    return ["/**", ...safe.map((line) => ` * ${line}`.trimEnd()), " */"];
  }
  if (doc === "tripleSlash") return lines.map((line) => `/// ${line}`.trimEnd());
  const [before, after] = commentMarkers(languageId);
  const end = after.trim();
  return lines.map((line) => {
    const safe = end === "" ? line : line.replaceAll(end, "");
    return `${before} ${safe}${after}`.trimEnd();
  });
}

function docstring(lines: readonly string[]): string[] {
  const safe = lines.map((line) => line.replaceAll("\\", "\\\\").replaceAll('"""', "'''"));
  const [first = ""] = safe;
  if (safe.length === 1) return [`"""${first.replace(/"$/, "'")}"""`];
  return [`"""${first}`, ...safe.slice(1), '"""'];
}

function wrap(line: string): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.trim().split(/\s+/)) {
    if (current !== "" && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, current];
}
