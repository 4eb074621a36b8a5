import type { Syntax } from "../../../../../server/syntax/syntaxService.ts";
import { createCodeView, type CodeView } from "../../../../../server/review/likelihood/codeView.ts";
import { editKinds } from "../../../../../server/review/likelihood/kinds/kinds.ts";
import type { Proposal } from "../../../../../server/review/likelihood/proposal.ts";
import { propose } from "../../../../../server/review/likelihood/propose.ts";
import type { Chunk, LineRange, ReviewDocument } from "../../../../../server/review/types.ts";
import type { RuleId } from "../../../../../server/protocol/review.ts";

export interface Proposed {
  readonly proposal: Proposal;
  /** The line that is changed, as it would be. */
  readonly line: string;
  readonly message: string;
}

/** A document whose path does not matter. */
export function documentOf(text: string, languageId: string): ReviewDocument {
  return { uri: "file:///a", path: "a", languageId, version: 1, text };
}

/** All of a text as one chunk, findings wanted on these lines: all where not said. */
export function chunkOf(text: string, lines?: readonly LineRange[], context = ""): Chunk {
  const all = [{ start: 0, end: text.split("\n").length }];
  return { start: 0, end: text.length, lines: lines ?? all, name: "", context };
}

/** What a text looks like to the kinds of mistakes. Its grammar must have been loaded. */
export function viewOf(
  syntax: Syntax,
  text: string,
  languageId: string,
  lines?: readonly LineRange[],
): CodeView {
  const reading = syntax.read(languageId, text);
  if (reading === undefined) throw new Error("It could not be read.");
  return createCodeView(documentOf(text, languageId), chunkOf(text, lines), reading);
}

/** What a rule proposes in a text. */
export function proposedBy(rule: RuleId, view: CodeView): Proposed[] {
  const kind = editKinds.find((one) => one.rule === rule);
  return propose(view, (id) => id === rule).map((proposal) => ({
    proposal,
    line: changedLine(view.text, proposal),
    message: kind?.message(proposal, view) ?? "",
  }));
}

function changedLine(text: string, { changes, start }: Proposal): string {
  const edited = changes.reduceRight(
    (done, change) => done.slice(0, change.start) + change.text + done.slice(change.end),
    text,
  );
  const from = edited.lastIndexOf("\n", start - 1) + 1;
  const to = edited.indexOf("\n", start);
  return edited.slice(from, to < 0 ? edited.length : to).trim();
}
