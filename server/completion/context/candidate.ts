import type { CompletionRequest, ContextSnippet } from "../types.ts";
import type { OpenFile } from "./openFiles.ts";
import type { WindowIndex } from "./windowIndex.ts";

/** Lines of a file that a source offers; ranking turns the chosen ones into text. */
export interface Candidate {
  readonly file: OpenFile;
  readonly index: WindowIndex;
  readonly startLine: number;
  /** Line after the last. */
  readonly endLine: number;
  /** 0..1, comparable across sources. */
  readonly score: number;
}

/** One kind of context. Answers from memory. */
export type CandidateSource = (request: CompletionRequest) => readonly Candidate[];

/** The text of a candidate, without blank lines at its ends. */
export function snippetOf({ file, index, startLine, endLine, score }: Candidate): ContextSnippet {
  const text = index.lines
    .slice(startLine, endLine)
    .join("\n")
    .replace(/^(\s*\n)+|\s+$/g, "");
  return { path: file.document.path, text, score };
}
