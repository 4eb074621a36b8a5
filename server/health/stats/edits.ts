/** A change of a document's text, as offsets into the text before it. UTF-16 code units. */
export interface TextEdit {
  readonly start: number;
  /** The text taken away; undefined where it is not known, or not worth looking at. */
  readonly removed: string | undefined;
  readonly inserted: string;
}

/** What one version of a document changed of the one before, in the order in which it applies. */
export interface DocumentEdits {
  readonly uri: string;
  /** Before and after. */
  readonly from: number;
  readonly to: number;
  readonly edits: readonly TextEdit[];
}

/** An edit whose removed text is known. */
export interface KnownEdit {
  readonly start: number;
  readonly removed: string;
  readonly inserted: string;
}

/** The least that an edit changes: some editors replace whole lines where a word was inserted. */
export function trimEdit({ start, removed, inserted }: KnownEdit): KnownEdit {
  const most = Math.min(removed.length, inserted.length);
  let before = 0;
  while (before < most && removed[before] === inserted[before]) before += 1;
  let after = 0;
  while (after < most - before && removed.at(-1 - after) === inserted.at(-1 - after)) after += 1;
  return {
    start: start + before,
    removed: removed.slice(before, removed.length - after),
    inserted: inserted.slice(before, inserted.length - after),
  };
}

/** Line breaks as the model writes them. */
export function withPlainBreaks(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
}
