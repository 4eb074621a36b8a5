import { windowAfter, withLineFeeds } from "../../text/lines.ts";
import { safeCut } from "../../text/safeCut.ts";
import { soundBefore } from "../../text/soundWindow.ts";
import { endByIndentation, endOfBlock } from "./endOfBlock.ts";
import { endOfLine } from "./endOfLine.ts";
import { loopStart } from "./loop.ts";
import type { Stop, StopContext, Stopped, StopOptions } from "./stopContext.ts";

const LINES_BEFORE = 80;
const CHARACTERS_BEFORE = 5000;
const LINES_AFTER = 20;
const CHARACTERS_AFTER = 1500;

/** Tells after each token whether the generation is complete. Parses only when a line was generated. */
export function createStop(options: StopOptions): Stop {
  const context: StopContext = {
    ...options,
    windowBefore: withLineFeeds(soundBefore(options.before, LINES_BEFORE, CHARACTERS_BEFORE)),
    windowAfter: withLineFeeds(windowAfter(options.after, LINES_AFTER, CHARACTERS_AFTER)),
  };
  let linesSeen = 0;
  let startedSeen = false;
  let settled: Stopped | undefined;
  const settle = (text: string): Stopped => (settled = { done: true, text });

  return {
    push(generated) {
      if (settled) return settled;
      const text = withLineFeeds(generated);
      if (options.purpose === "line") {
        const end = endOfLine(text, context);
        return end === undefined ? { done: false, text } : settle(safeCut(text, end));
      }
      const line = text.slice(text.lastIndexOf("\n") + 1);
      const lines = text.split("\n").length - 1;
      const started = line.trim() !== "";
      if (lines === linesSeen && started === startedSeen) return { done: false, text };
      const newLine = lines > linesSeen;
      linesSeen = lines;
      startedSeen = started;
      const end = newLine
        ? (endOfBlock(text, context) ?? loopStart(text) ?? endOfLines(text, options.maxLines))
        : endByIndentation(text, context);
      return end === undefined ? { done: false, text } : settle(safeCut(text, end));
    },
  };
}

/** The end of the last allowed line; blank lines before the first do not count. */
function endOfLines(text: string, maxLines: number): number | undefined {
  let from = /^\s*\n/.exec(text)?.[0].length ?? 0;
  for (let line = 0; line < maxLines; line++) {
    from = text.indexOf("\n", from) + 1;
    if (from === 0) return undefined;
  }
  return from - 1;
}
