import { CodedError } from "../protocol/errors.ts";
import type { Alternative, WeighParams, WeighResult } from "../protocol/host.ts";
import type { Candidate } from "./candidates.ts";
import type { Look } from "./looks.ts";
import { firstEndingAfter, type TokenEdit, type TokenizedText } from "./tokenEdits.ts";

/** @throws CodedError VALIDATION_ERROR for changes that are not in order or not in the text. */
export function checkChanges({
  alternatives,
  text,
}: Pick<WeighParams, "alternatives" | "text">): void {
  for (const [index, { changes }] of alternatives.entries()) {
    let done = 0;
    for (const { start, end } of changes) {
      if (start < done || end < start || end > text.length) {
        const detail = `alternatives.${index}: [${start}, ${end}) is not in order or in the text.`;
        throw new CodedError("VALIDATION_ERROR", detail);
      }
      done = end;
    }
  }
}

/**
 * An alternative up to its horizon as a candidate; undefined where nothing can be compared: no token
 * differs, or one of the texts ends there, or no token comes before.
 * @param offset how many tokens stand before the text.
 */
export function candidateOf(
  written: TokenizedText,
  offset: number,
  edit: TokenEdit,
  alternative: number,
  { changes, site, prior }: Alternative,
  horizon: number,
): Candidate | undefined {
  const stop = Math.max(edit.resumesAt, stopOf(written, changes.at(-1)?.end ?? 0, horizon));
  const tokens = [...edit.tokens, ...written.tokens.slice(edit.resumesAt, stop)];
  const at = offset + edit.at;
  const differs = edit.tokens.length > 0 || edit.resumesAt > edit.at;
  const comparable = edit.at < written.tokens.length && tokens.length > 0 && at > 0;
  if (!differs || !comparable) return undefined;
  const resumesAt = offset + edit.resumesAt;
  return { alternative, site, prior, at, tokens, changed: edit.tokens.length, resumesAt };
}

/** Index behind the last token that counts for a change that ends at this offset. */
function stopOf({ text, tokens, ends }: TokenizedText, changeEnd: number, horizon: number): number {
  const newline = text.indexOf("\n", changeEnd);
  const lineEnd = newline < 0 ? text.length : newline;
  const last = Math.max(changeEnd + horizon, lineEnd);
  return Math.min(tokens.length, firstEndingAfter(ends, last - 1) + 1);
}

/** Of each token of the text from `firstLooked` on, where it ends and how likely it was. */
export function tokensOf(
  { ends }: TokenizedText,
  offset: number,
  firstLooked: number,
  looks: ReadonlyMap<number, Look>,
): WeighResult["tokens"] {
  return ends.flatMap((end, index) => {
    const look = looks.get(offset + index);
    if (look === undefined || offset + index < firstLooked) return [];
    const { logProbability, bestLogProbability } = look;
    return [{ end, logProbability, bestLogProbability }];
  });
}
