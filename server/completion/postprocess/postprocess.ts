import { lineBreakOf, windowAfter, windowBefore, withLineFeeds } from "../../text/lines.ts";
import { withoutBrokenEnds } from "../../text/safeCut.ts";
import type { SyntaxService } from "../types.ts";
import { blank } from "./blank.ts";
import { bracketBalance } from "./bracketBalance.ts";
import type { Filter, FilterContext } from "./filter.ts";
import { followingLines } from "./followingLines.ts";
import { indentation } from "./indentation.ts";
import { leakedTokens } from "./leakedTokens.ts";
import { repetition } from "./repetition.ts";
import { restOfLine } from "./restOfLine.ts";
import { trailingSpace } from "./trailingSpace.ts";

export interface PostprocessContext {
  /** Text before the cursor (any length; a window of it is used). */
  readonly before: string;
  /** Text after the cursor. */
  readonly after: string;
  readonly languageId: string;
  readonly syntax: SyntaxService;
}

/** In order: what later filters compare is already free of what earlier ones remove. */
const FILTERS: readonly (readonly [name: string, filter: Filter])[] = [
  ["leakedTokens", leakedTokens],
  ["brokenEnds", withoutBrokenEnds],
  ["repetition", repetition],
  ["blank", blank],
  ["indentation", indentation],
  ["followingLines", followingLines],
  ["restOfLine", restOfLine],
  ["bracketBalance", bracketBalance],
  ["trailingSpace", trailingSpace],
  ["blank", blank],
];

/** Told of each filter that changed the text or dropped it. */
export type OnFilter = (name: string, before: string, after: string) => void;

const LINES_BEFORE = 120;
const CHARACTERS_BEFORE = 8000;
const LINES_AFTER = 20;
const CHARACTERS_AFTER = 2000;

/**
 * Cleans what the model generated for the cursor between `before` and `after`: what to insert there, in the
 * document's line breaks, or "" where nothing is left.
 */
export function postprocess(
  text: string,
  context: PostprocessContext,
  onFilter?: OnFilter,
): string {
  const { languageId, syntax } = context;
  const window = windowBefore(context.before, LINES_BEFORE, CHARACTERS_BEFORE);
  const inner: FilterContext = {
    before: withLineFeeds(window),
    wholeBefore: window.length === context.before.length,
    after: withLineFeeds(windowAfter(context.after, LINES_AFTER, CHARACTERS_AFTER)),
    languageId,
    syntax,
  };
  let result = withLineFeeds(text);
  for (const [name, filter] of FILTERS) {
    if (result === "") return "";
    const before = result;
    result = filter(before, inner);
    if (result !== before) onFilter?.(name, before, result);
  }
  const lineBreak = context.before.includes("\n")
    ? lineBreakOf(context.before)
    : lineBreakOf(context.after);
  return lineBreak === "\n" ? result : result.replaceAll("\n", lineBreak);
}
