import { statSync } from "node:fs";
import type { Clock } from "../engine/clock.ts";
import { choicePath, watchChosenModel } from "../state/chosenModel.ts";

/** One write is told as several changes. */
const settleMs = 50;

/**
 * Calls back when another model was chosen for the home, or the same once more: by then the choice
 * can be read. Returns what ends it.
 */
export function followChoice(homePath: string, clock: Clock, onChoice: () => void): () => void {
  let mark = markOf(homePath);
  let cancel = (): void => undefined;
  const stop = watchChosenModel(homePath, () => {
    cancel();
    cancel = clock.after(settleMs, () => {
      const next = markOf(homePath);
      if (next === mark) return;
      mark = next;
      onChoice();
    });
  });
  return () => {
    cancel();
    stop();
  };
}

function markOf(homePath: string): string {
  const found = statSync(choicePath(homePath), { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.ino} ${found.mtimeMs} ${found.size}`;
}
