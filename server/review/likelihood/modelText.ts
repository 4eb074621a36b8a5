import type { Alternative } from "../../protocol/host.ts";
import { withLineFeeds } from "../../text/lines.ts";
import type { Chunk } from "../types.ts";
import type { Proposal } from "./proposal.ts";

/** What the model reads: context and chunk with plain line breaks, and how offsets translate. */
export interface ModelText {
  readonly text: string;
  /** Where the chunk starts in it. */
  readonly from: number;
  /** Offset in `text` of an offset in the document. */
  at(offset: number): number;
  alternativeOf(proposal: Proposal, site: number): Alternative;
}

/** Puts a chunk behind its context. */
export function modelTextOf(documentText: string, chunk: Chunk): ModelText {
  const context = withLineFeeds(chunk.context);
  const raw = documentText.slice(chunk.start, chunk.end);
  const text = context + withLineFeeds(raw);
  const removed: number[] = [];
  for (let i = raw.indexOf("\r\n"); i >= 0; i = raw.indexOf("\r\n", i + 1)) removed.push(i);
  const at = (offset: number): number => {
    const inChunk = offset - chunk.start;
    return context.length + inChunk - countBelow(removed, inChunk);
  };
  return {
    text,
    from: context.length,
    at,
    alternativeOf: ({ changes, prior }, site) => ({
      changes: changes.map(({ start, end, text: other }) => ({
        start: at(start),
        end: at(end),
        text: withLineFeeds(other),
      })),
      site,
      prior,
    }),
  };
}

/** How many of the ascending numbers are below a limit. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
