import type { Unit } from "../syntax/reading.ts";
import type { LineRange } from "./types.ts";
import { mostChunkCharacters } from "./windows.ts";

/** Functions up to this length are looked at as a whole. */
const mostWholeLines = 60;
/** A function this short inside of another is looked at with what surrounds it. */
const mostTinyLines = 8;
/** Lines of a run outside of functions that are gone through at most. */
const longestRun = 1000;

/** Lines of a document by their offsets. */
export interface Lines {
  readonly count: number;
  readonly startOf: (line: number) => number;
  readonly lineAt: (offset: number) => number;
}

/** Lines by the offsets at which they start. */
export function createLines(starts: readonly number[], length: number): Lines {
  return {
    count: starts.length,
    startOf: (line) => starts[line] ?? length,
    lineAt(offset) {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}

/** Lines outside of functions that belong together, and the unit (or -1) that they belong to. */
export interface Run {
  readonly range: LineRange;
  readonly lines: readonly number[];
  readonly owner: number;
}

/** Which unit lines belong to. */
export interface Owners {
  readonly units: readonly Unit[];
  rangeOf(unit: Unit): LineRange;
  isShort(unit: Unit): boolean;
  isTiny(range: LineRange): boolean;
  /**
   * Index of the largest function around a line that is short, else of the smallest that is not tiny;
   * -1: none.
   */
  functionAround(line: number): number;
  /** Runs of lines around the given ones (ascending) that belong to the same class, or to none. */
  runsOutside(chosen: readonly number[]): Run[];
}

export function createOwners(units: readonly Unit[], lines: Lines, text: string): Owners {
  function rangeOf({ start, end }: Unit): LineRange {
    return { start: lines.lineAt(start), end: lines.lineAt(Math.max(start, end - 1)) + 1 };
  }

  function isShort(unit: Unit): boolean {
    const { start, end } = rangeOf(unit);
    return end - start <= mostWholeLines && unit.end - unit.start <= mostChunkCharacters;
  }

  function innermost(line: number, counts: (unit: Unit) => boolean): number {
    const lineStart = lines.startOf(line);
    const lineEnd = lines.startOf(line + 1);
    const own = text.slice(lineStart, lineEnd);
    const first = lineStart + (own.length - own.trimStart().length);
    let found = -1;
    for (const [index, unit] of units.entries()) {
      if (unit.start >= lineEnd) break;
      const holds = unit.start <= first && first < unit.end;
      // A function that begins on a line (`export const f = () => {`) is what the line is about.
      const begins = unit.start > first && unit.end >= lineEnd;
      if (counts(unit) && (holds || begins)) found = index;
    }
    return found;
  }

  function functionAround(line: number): number {
    const smallest = innermost(line, isFunction);
    let chosen = smallest;
    let unit = units[smallest];
    for (let index = smallest; unit !== undefined; unit = units[index]) {
      if (isFunction(unit) && isShort(unit)) chosen = index;
      index = unit.parent;
    }
    const around = functionAbove(chosen);
    const own = units[chosen];
    return around >= 0 && own !== undefined && isTiny(rangeOf(own)) ? around : chosen;
  }

  function functionAbove(index: number): number {
    let above = units[index]?.parent ?? -1;
    for (let unit = units[above]; unit !== undefined && !isFunction(unit); unit = units[above]) {
      above = unit.parent;
    }
    return above;
  }

  function belongs(line: number, owner: number): boolean {
    if (functionAround(line) >= 0) return false;
    const unit = units[owner];
    const wanted = unit === undefined || unit.kind === "class" ? owner : unit.parent;
    return innermost(line, ({ kind }) => kind === "class") === wanted;
  }

  function runAround(line: number): Run {
    const owner = innermost(line, () => true);
    let start = line;
    let end = line + 1;
    while (start > 0 && line - start < mostWholeLines && belongs(start - 1, owner)) start--;
    while (end < lines.count && end - line < longestRun && belongs(end, owner)) end++;
    return { range: { start, end }, lines: [line], owner };
  }

  return {
    units,
    rangeOf,
    isShort,
    isTiny,
    functionAround,
    runsOutside(chosen) {
      const runs: (Run & { lines: number[] })[] = [];
      for (const line of chosen) {
        const last = runs.at(-1);
        if (last !== undefined && line < last.range.end) last.lines.push(line);
        else runs.push({ ...runAround(line), lines: [line] });
      }
      return runs;
    },
  };
}

function isTiny({ start, end }: LineRange): boolean {
  return end - start <= mostTinyLines;
}

function isFunction({ kind }: Unit): boolean {
  return kind === "function" || kind === "method";
}
