import { windowAfter, windowBefore } from "../../text/lines.ts";
import type { CompletionRequest } from "../types.ts";
import type { OpenFile, OpenFiles } from "./openFiles.ts";
import { similarities, tellingIdentifiers } from "./windowIndex.ts";

/** How like what stands around the cursor each window of one file is. */
export interface FileLikeness {
  readonly file: OpenFile;
  /** One a window, 0 to 1. */
  readonly scores: Float64Array;
}

/** Compares open files with a request; computed once a request, whoever asks. */
export type Likeness = (request: CompletionRequest) => readonly FileLikeness[];

const LINES_BEFORE = 25;
const LINES_AFTER = 8;
const CHARACTERS = 3000;

/** Creates the comparison over the open files other than the request's own. */
export function createLikeness(files: OpenFiles): Likeness {
  let last: { request: CompletionRequest; found: readonly FileLikeness[] } | undefined;
  return (request) => {
    if (last?.request === request) return last.found;
    const { document, offset } = request;
    const reach = document.text.slice(Math.max(0, offset - CHARACTERS), offset + CHARACTERS);
    const cursor = Math.min(offset, CHARACTERS);
    const query = tellingIdentifiers(
      windowBefore(reach.slice(0, cursor), LINES_BEFORE, CHARACTERS) +
        windowAfter(reach.slice(cursor), LINES_AFTER, CHARACTERS),
    );
    const found: FileLikeness[] = [];
    for (const file of files.files()) {
      if (file.index === undefined || file.document.uri === document.uri) continue;
      found.push({ file, scores: similarities(file.index, query) });
    }
    last = { request, found };
    return found;
  };
}
