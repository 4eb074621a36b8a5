import { exclusionOf } from "../completion/context/excluded.ts";
import type { Range } from "../protocol/review.ts";
import { longestCode, type WorkflowTask } from "../protocol/workflow.ts";
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
  /** Text that stands at the place. */
  readonly original?: string;
}

/**
 * Reads a task's place from the document as the client has it open: its path, the text around the
 * place and the text at it. Of a file with secrets no text is taken, since the model may be remote.
 */
export function placeOf(
  documents: Documents,
  params: Pick<WorkflowTask, "path" | "before" | "after" | "code"> & {
    readonly uri?: string | undefined;
    readonly range?: Range | undefined;
  },
): WorkflowPlace {
  const { uri, range, code } = params;
  if (uri === undefined) return { context: {} };
  const path = params.path ?? toWorkspacePath(uri, documents.folderUris());
  const withPath: WorkflowPlace = {
    context: { path },
    ...(code === undefined ? {} : { original: code }),
  };
  const open = documents.documentOf(uri);
  if (range === undefined || open?.content.kind !== "text") return withPath;
  const { text } = open.content;
  const [from, to] = [open.offsetAt(range.start), open.offsetAt(range.end)];
  const original = text.slice(from, to);
  if (exclusionOf({ path, text }) !== undefined) return { context: { path }, original };
  const before = params.before ?? text.slice(Math.max(0, from - longestCode), from);
  const after = params.after ?? text.slice(to, to + longestCode);
  return { context: { path, before, after }, original };
}
