import { addCounts, createCounts, type Counts } from "./counts.ts";

/** Counts by five-minute steps, by when each began (milliseconds since 1970, a multiple of the step). */
export type Steps = Map<number, Counts>;

export const stepMs = 5 * 60 * 1000;

/** A day, and an hour more, so that a clock that is set right again finds the day still there. */
const mostSteps = 300;

/** All that was counted on this machine. Times are milliseconds since 1970. */
export interface History {
  since: number;
  total: Counts;
  readonly steps: Steps;
}

export function createHistory(since: number): History {
  return { since, total: createCounts(), steps: new Map() };
}

/** When the step of a moment began. */
export function stepOf(time: number): number {
  return Math.floor(time / stepMs) * stepMs;
}

/** The counts of a step, made at its first use. */
export function countsAt(steps: Steps, step: number): Counts {
  let counts = steps.get(step);
  if (counts === undefined) steps.set(step, (counts = createCounts()));
  return counts;
}

/** Adds steps to other steps. */
export function addSteps(into: Steps, from: Steps): void {
  for (const [step, counts] of from) addCounts(countsAt(into, step), counts);
}

/**
 * Adds what was counted since the last time. Steps that lie in the future, since the clock was
 * ahead when they were counted, become part of the present one. The oldest steps are left out of
 * the history, never of the total.
 */
export function extend(history: History, added: Steps, now: number): void {
  for (const counts of added.values()) addCounts(history.total, counts);
  addSteps(history.steps, added);
  const present = stepOf(now);
  for (const [step, counts] of [...history.steps]) {
    if (step <= present) continue;
    history.steps.delete(step);
    addCounts(countsAt(history.steps, present), counts);
  }
  history.since = Math.min(history.since, now);
  const ascending = [...history.steps.keys()].sort((a, b) => a - b);
  for (const step of ascending.slice(0, -mostSteps)) history.steps.delete(step);
}
