import type { SyntaxService } from "../types.ts";

/** What a filter knows about the place the text is for. Texts have `\n` line breaks. */
export interface FilterContext {
  /** The last lines before the cursor. */
  readonly before: string;
  /** Whether `before` starts at the document's start. */
  readonly wholeBefore: boolean;
  /** The first lines after the cursor. */
  readonly after: string;
  readonly languageId: string;
  readonly syntax: SyntaxService;
}

/** Takes a suggestion and gives back what is left of it; "" drops it. */
export type Filter = (text: string, context: FilterContext) => string;
