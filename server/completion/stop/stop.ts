import { windowAfter, withLineFeeds } from "../../text/lines.ts";
import { safeCut } from "../../text/safeCut.ts";
import { soundBefore } from "../../text/soundWindow.ts";
import { endByIndentation, endOfBlock } from "./endOfBlock.ts";
import { endOfLine } from "./endOfLine.ts";
import { loopStart } from "./loop.ts";
import type { Stop, StopContext, Stopped, StopOptions, StopRule } from "./stopContext.ts";

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
  let endedBy: StopRule | undefined;
  const settle = (rule: StopRule, text: string): Stopped => {
    endedBy = rule;
    return (settled = { done: true, text });
  };

  return {
    get rule() {
      return endedBy;
    },
    push(generated) {
      if (settled) return settled;
      const text = withLineFeeds(generated);
      if (options.purpose === "line") {
        const end = endOfLine(text, context);
        return end === undefined ? { done: false, text } : settle("endOfLine", safeCut(text, end));
      }
      const line = text.slice(text.lastIndexOf("\n") + 1);
      const lines = text.split("\n").length - 1;
      const started = line.trim() !== "";
      if (lines === linesSeen && started === startedSeen) return { done: false, text };
      const newLine = lines > linesSeen;
      linesSeen = lines;
      startedSeen = started;
      const found = newLine ? endAfterLine(text, context) : endInLine(text, context);
      if (found === undefined) return { done: false, text };
      return settle(found.rule, safeCut(text, found.end));
    },
  };
}

interface End {
  readonly rule: StopRule;
  readonly end: number;
}

function endInLine(text: string, context: StopContext): End | undefined {
  const end = endByIndentation(text, context);
  return end === undefined ? undefined : { rule: "indentation", end };
}

function endAfterLine(text: string, context: StopContext): End | undefined {
  const ofBlock = endOfBlock(text, context);
  if (ofBlock !== undefined) return { rule: "endOfBlock", end: ofBlock };
  const loop = loopStart(text);
  if (loop !== undefined) return { rule: "loop", end: loop };
  const ofLines = endOfLines(text, context.maxLines);
  return ofLines === undefined ? undefined : { rule: "maxLines", end: ofLines };
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
