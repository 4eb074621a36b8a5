/**
 * Takes the beginning of an answer off its stream, where the server repeats it or the model was asked
 * to write it: once, and only where it is whole.
 */
export function createPrefixCut(prefix: string) {
  /** What may still turn out to be the prefix; undefined: it was, or it was not. */
  let held: string | undefined = prefix === "" ? undefined : "";
  return {
    /** What of the text so far can be shown since the last call. */
    push(text: string): string {
      if (held === undefined) return text;
      held += text;
      if (held.length < prefix.length && prefix.startsWith(held)) return "";
      const shown = held.startsWith(prefix) ? held.slice(prefix.length) : held;
      held = undefined;
      return shown;
    },
    /** What was held back when the text ends. */
    flush(): string {
      const rest = held ?? "";
      held = undefined;
      return rest;
    },
  };
}
