import { exclusionOf } from "../completion/context/excluded.ts";
import type { Range } from "../protocol/review.ts";
import { longestCode, type KeptWorkflow, type WorkflowTask } from "../protocol/workflow.ts";
import { windowAfter, windowBefore } from "../text/lines.ts";
import { toWorkspacePath } from "./convert.ts";
import type { OpenDocument } from "./documents.ts";

export interface Documents {
  readonly documentOf: (uri: string) => OpenDocument | undefined;
  readonly folderUris: () => readonly string[];
}

/** What the place of a task adds to it. */
export interface WorkflowPlace {
  /** What the caller left out and the document says. */
  readonly context: Pick<WorkflowTask, "path" | "before" | "after">;
  /** Kept with the result: what stands at the place and around it. */
  readonly kept: Pick<KeptWorkflow, "original" | "around">;
}

/** Lines and characters on either side by which a place is found again. */
const aroundLines = 3;
const aroundCharacters = 400;

/**
 * Reads a task's place from the document as the client has it open: its path, the text around the
 * place and the text at it. Of a file with secrets the model gets no text, since it may be remote.
 */
export function placeOf(
  documents: Documents,
  params: Pick<WorkflowTask, "path" | "before" | "after" | "code"> & {
    readonly uri?: string | undefined;
    readonly range?: Range | undefined;
    readonly lead?: string | undefined;
  },
): WorkflowPlace {
  const { uri, range, code, lead = "" } = params;
  if (uri === undefined) return { context: {}, kept: {} };
  const path = params.path ?? toWorkspacePath(uri, documents.folderUris());
  const open = documents.documentOf(uri);
  if (range === undefined || open?.content.kind !== "text") {
    return { context: { path }, kept: code === undefined ? {} : { original: code } };
  }
  const { text } = open.content;
  const [from, to] = [open.offsetAt(range.start), open.offsetAt(range.end)];
  const allBefore = text.slice(Math.max(0, from - longestCode), from);
  const allAfter = text.slice(to, to + longestCode);
  const kept = {
    original: text.slice(from, to),
    around: {
      before: windowBefore(allBefore, aroundLines, aroundCharacters),
      after: windowAfter(allAfter, aroundLines, aroundCharacters),
    },
  };
  if (exclusionOf({ path, text }) !== undefined) return { context: { path }, kept };
  const before = params.before ?? `${allBefore}${lead}`.slice(-longestCode);
  return { context: { path, before, after: params.after ?? allAfter }, kept };
}
