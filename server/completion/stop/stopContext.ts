import type { SyntaxService } from "../types.ts";
import type { Purpose } from "./purpose.ts";

/** What to do with a generation so far. */
export interface Stopped {
  /** The text is complete for its purpose; generating more would be thrown away. */
  readonly done: boolean;
  /** What to keep of the text generated so far. */
  readonly text: string;
}

/** What ended a generation. */
export type StopRule = "endOfLine" | "endOfBlock" | "indentation" | "loop" | "maxLines";

export interface Stop {
  /** What ended it, once it is done. */
  readonly rule?: StopRule | undefined;
  /** Takes all the text generated so far, at each token. */
  push(generated: string): Stopped;
}

export interface StopOptions {
  readonly purpose: Purpose;
  readonly syntax: Pick<SyntaxService, "blockEnd">;
  readonly languageId: string;
  /** Text before the cursor (any length; a window of it is used). */
  readonly before: string;
  /** Text after the cursor. */
  readonly after: string;
  /** Upper bound for a block, in lines. */
  readonly maxLines: number;
}

/** What the ends are found with: the same in every stop of one generation. */
export interface StopContext extends StopOptions {
  readonly windowBefore: string;
  readonly windowAfter: string;
}
