/** What a stop finder says of a piece. */
export interface StopFound {
  /** What can be shown now. */
  readonly text: string;
  /** Whether a stop string was completed. */
  readonly stopped: boolean;
  /** Which one. */
  readonly stopString?: string;
}

/** Looks for strings that end a text while it comes in piece by piece. */
export interface StopFinder {
  push(text: string): StopFound;
  /** What was held back, when nothing follows any more. */
  flush(): string;
}

/** @param stopStrings empty ones are ignored; what stands before the first match is shown. */
export function createStopFinder(stopStrings: readonly string[]): StopFinder {
  const stops = stopStrings.filter((stop) => stop !== "");
  let held = "";
  return {
    push(text) {
      held += text;
      const found = stops
        .map((stop) => ({ stop, at: held.indexOf(stop) }))
        .filter(({ at }) => at >= 0)
        .sort((a, b) => a.at - b.at)[0];
      if (found !== undefined) {
        const shown = held.slice(0, found.at);
        held = "";
        return { text: shown, stopped: true, stopString: found.stop };
      }
      const kept = Math.max(0, ...stops.map((stop) => overlap(held, stop)));
      const shown = held.slice(0, held.length - kept);
      held = held.slice(held.length - kept);
      return { text: shown, stopped: false };
    },
    flush() {
      const text = held;
      held = "";
      return text;
    },
  };
}

/** The length of the longest end of `text` that is a proper beginning of `stop`. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
