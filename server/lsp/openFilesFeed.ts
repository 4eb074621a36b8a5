import type { OpenFiles } from "../completion/context/openFiles.ts";
import type { CompletionDocument } from "../completion/types.ts";
import type { Clock } from "../engine/clock.ts";
import type { OpenDocument } from "./documents.ts";

/** Indexing waits until nothing was typed for so long, and takes one file at a time. */
const restMs = 400;

export interface OpenFilesFeedOptions {
  readonly openFiles: OpenFiles;
  readonly clock: Clock;
  readonly isWanted: () => boolean;
  readonly describe: (document: OpenDocument, text: string) => CompletionDocument;
}

/** Tells the context of other files what is open and edited, and has it indexed while the user rests. */
export interface OpenFilesFeed {
  changed(document: OpenDocument): void;
  closed(uri: string): void;
  dispose(): void;
}

export function createOpenFilesFeed(options: OpenFilesFeedOptions): OpenFilesFeed {
  const { openFiles, clock } = options;
  let cancelRest = (): void => undefined;

  function rest(ms: number): void {
    cancelRest();
    cancelRest = clock.after(ms, () => {
      if (openFiles.refresh()) rest(0);
    });
  }

  return {
    changed(document) {
      const { content, lastEdit } = document;
      if (!options.isWanted() || content.kind !== "text") return;
      const described = options.describe(document, content.text);
      if (lastEdit === undefined) openFiles.opened(described);
      else openFiles.changed(described, lastEdit);
      rest(restMs);
    },
    closed: (uri) => openFiles.closed(uri),
    dispose: () => cancelRest(),
  };
}
