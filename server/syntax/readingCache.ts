import type { CodeReading } from "./reading.ts";

/** Keeps the last readings: the parts of a review ask for the same text. */
export interface ReadingCache {
  /** The reading of a text, made where it is not kept; undefined is not kept. */
  get(
    languageId: string,
    text: string,
    read: () => CodeReading | undefined,
  ): CodeReading | undefined;
  clear(): void;
}

const MOST_READINGS = 2;

/** Creates the cache. */
export function createReadingCache(): ReadingCache {
  let entries: {
    readonly languageId: string;
    readonly text: string;
    readonly reading: CodeReading;
  }[] = [];
  return {
    get(languageId, text, read) {
      const known = entries.find((each) => each.text === text && each.languageId === languageId);
      const reading = known?.reading ?? read();
      if (reading === undefined) return undefined;
      const others = entries.filter((each) => each !== known);
      entries = [known ?? { languageId, text, reading }, ...others].slice(0, MOST_READINGS);
      return reading;
    },
    clear() {
      entries = [];
    },
  };
}
