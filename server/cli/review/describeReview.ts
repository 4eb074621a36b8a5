import { relative } from "node:path";
import type { ReviewRecord } from "../../protocol/records.ts";
import type { ReviewFinding, ReviewResult } from "../../protocol/review.ts";

/** What a review found, for people. @param all findings that are kept back, too. */
export function describeReview(record: ReviewRecord, all: boolean): string {
  const blocks = record.files.flatMap(({ file, result }) =>
    result === undefined ? [] : describeFile(nameOf(file), result, all),
  );
  const lines = record.recommendations.map(
    ({ message, confidence }) => `  ${message} ${percent(confidence)} sure.`,
  );
  if (lines.length > 0) blocks.push(["recommended", ...lines].join("\n"));
  if (record.model !== undefined) {
    const { name, starter } = record.model;
    blocks.push(`model  ${name}${starter ? " (bundled starter)" : ""}`);
  }
  return blocks.length === 0 ? "Nothing to review." : blocks.join("\n\n");
}

/** What could not be looked at, and why; for the standard error output. */
export function notesOf({ files }: ReviewRecord): string[] {
  return files.flatMap(({ file, result, error }) => {
    const name = nameOf(file);
    const failure = error ?? result?.scoreError;
    const notes = failure === undefined ? [] : [`${name}: ${failure.code}: ${failure.message}`];
    const { skipped, without, unreviewedChunks = 0 } = result ?? {};
    if (without !== undefined)
      notes.push(`${name}: by comments alone: ${without.code}: ${without.message}`);
    if (skipped !== undefined)
      notes.push(`${name}: skipped (${skipped.reason}): ${skipped.detail}`);
    if (unreviewedChunks > 0) notes.push(`${name}: ${unreviewedChunks} parts were left out.`);
    return notes;
  });
}

function describeFile(name: string, result: ReviewResult, all: boolean): string[] {
  const { findings, score, reviewedLines } = result;
  const listed = all ? findings : findings.filter(({ shown }) => shown);
  const kept = findings.length - listed.length;
  const hidden = kept === 0 ? "" : `, ${kept} kept back (--all lists them)`;
  if (score === undefined && listed.length === 0) return [];
  const summary = `${name}: ${score === undefined ? "no score" : `score ${score}`}, ${count(listed.length, "finding")}${hidden}, ${count(reviewedLines, "line")} reviewed`;
  return [[...listed.map((finding) => describeFinding(name, finding)), summary].join("\n")];
}

function describeFinding(name: string, finding: ReviewFinding): string {
  const { range, severity, message, rule, confidence, shown, written, fix } = finding;
  const { line, character } = range.start;
  const place = `${name}:${line + 1}:${character + 1}`;
  const sure = `${percent(confidence)}${shown ? "" : ", kept back"}`;
  const lines = [`${place} ${severity} ${message} [${rule}, ${sure}]`];
  const fixed = fixedText(finding);
  if (fixed !== undefined) lines.push(`    - ${written}`, `    + ${fixed}`);
  else if (fix !== undefined) lines.push(`    ${fix.title}`);
  return lines.join("\n");
}

/** The place as it will read; undefined where a change lies outside of it, or it is not one line. */
function fixedText({ fix, range, written }: ReviewFinding): string | undefined {
  if (fix === undefined || fix.edits.length === 0 || range.start.line !== range.end.line) return;
  let text = written;
  // From the end, so that offsets before it stay right.
  const edits = [...fix.edits].sort((a, b) => b.range.start.character - a.range.start.character);
  for (const { range: place, newText } of edits) {
    const from = place.start.character - range.start.character;
    const to = place.end.character - range.start.character;
    const isInLine = place.start.line === range.start.line && place.end.line === range.start.line;
    if (!isInLine || from < 0 || to > written.length || newText.includes("\n")) return;
    text = text.slice(0, from) + newText + text.slice(to);
  }
  return text;
}

function percent(share: number): string {
  return `${Math.min(99, Math.round(100 * share))}%`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** As people name a file: relative to the working folder where it lies in it. */
export function nameOf(file: string): string {
  const name = relative(process.cwd(), file);
  return name.startsWith("..") || name === "" ? file : name;
}
