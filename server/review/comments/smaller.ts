import type { LineIndex } from "../../text/positions.ts";
import { linesIn, rangesOf } from "../lines.ts";
import type { Chunk } from "../types.ts";

/**
 * Half of a chunk's lines, around its changed ones, without context: what is asked about when the
 * whole got no usable answer. Undefined where there is nothing to leave out. Where the changed lines
 * alone are more than half, the later of them are left out.
 */
export function smallerChunk(chunk: Chunk, index: LineIndex): Chunk | undefined {
  const first = index.positionAt(chunk.start).line;
  const end = index.positionAt(Math.max(chunk.start, chunk.end - 1)).line + 1;
  const changed = [...linesIn(chunk.lines, index.lineCount)]
    .filter((line) => line >= first && line < end)
    .sort((a, b) => a - b);
  const [firstChanged] = changed;
  const lastChanged = changed.at(-1);
  if (firstChanged === undefined || lastChanged === undefined) return undefined;
  if (end - first < 2) return chunk.context === "" ? undefined : { ...chunk, context: "" };
  const size = Math.ceil((end - first) / 2);
  const spare = Math.max(0, size - (lastChanged + 1 - firstChanged));
  const from = Math.min(Math.max(first, firstChanged - (spare >> 1)), end - size);
  const to = from + size;
  return {
    ...chunk,
    start: index.startOf(from),
    end: Math.min(chunk.end, index.startOf(to)),
    lines: rangesOf(changed.filter((line) => line < to)),
    context: "",
  };
}
