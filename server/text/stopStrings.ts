/** Looks for strings that end a text while it comes in piece by piece. */
export interface StopFinder {
  /** What can be shown now, and whether a stop string was completed. */
  push(text: string): { readonly text: string; readonly stopped: boolean };
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
        .map((stop) => held.indexOf(stop))
        .filter((index) => index >= 0)
        .sort((a, b) => a - b)[0];
      if (found !== undefined) {
        const shown = held.slice(0, found);
        held = "";
        return { text: shown, stopped: true };
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
