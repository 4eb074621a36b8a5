import type { Logger } from "../../logs/logger.ts";
import { withFileLock, withFileLockAtExit } from "../../state/fileLock.ts";
import { addSteps, createHistory, extend, type History, type Steps } from "./history.ts";
import { readStatsFile, reasonOf, setAside, statsPath, writeStatsFile } from "./statsFile.ts";
import { makeFolder } from "../../state/makeFolder.ts";

/** The statistics of a home, in one file that several servers write. */
export interface StatsStore {
  /** Adds steps to what will be written; they are this store's from now on. */
  add(steps: Steps): void;
  /** Writes what was added, together with what others wrote. Never rejects: what cannot be written waits. */
  save(): Promise<void>;
  /** The same at the end of the process. */
  saveAtExit(): void;
  /** What all have written, and what waits here. */
  read(): History;
  /** Why what others wrote cannot be told, in a sentence. */
  readonly problem: string | undefined;
}

export interface StatsStoreOptions {
  readonly homePath: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Pick<Logger, "warn">;
}

/** Creates the store. Nothing is written before something is counted. */
export function createStatsStore({ homePath, now, log }: StatsStoreOptions): StatsStore {
  const path = statsPath(homePath);
  const begun = now();
  let waiting: Steps = new Map();
  /** What was said already; a full disk must not fill the log, too. */
  let said = "";

  function say(message: string, fields: Readonly<Record<string, string | number>>): void {
    if (said === message) return;
    said = message;
    log.warn(message, fields);
  }

  /** Under the lock: reads, adds, writes. What is added is taken off only when it is written. */
  function merge(): void {
    const found = readStatsFile(path);
    if (found.kind === "foreign") {
      say("statistics of another version are left as they are", { version: found.version });
      return;
    }
    if (found.kind === "unreadable") throw new Error(found.reason);
    if (found.kind === "damaged") {
      const aside = setAside(path, new Date(now()));
      log.warn("damaged statistics set aside, counting begins anew", {
        file: aside,
        detail: found.reason,
      });
    }
    const history = found.kind === "history" ? found.history : createHistory(begun);
    extend(history, waiting, now());
    writeStatsFile(path, history);
    waiting = new Map();
    said = "";
  }

  function notSaved(thrown: unknown): void {
    say("statistics are not saved", { code: "HOME_NOT_WRITABLE", detail: reasonOf(thrown) });
  }

  /** Runs while this store is saving: what it locked it cannot unlock at the end of the process. */
  let saving = 0;

  const prepare = () => makeFolder(homePath);

  return {
    add(steps) {
      addSteps(waiting, steps);
    },
    async save() {
      if (waiting.size === 0) return;
      saving += 1;
      try {
        prepare();
        await withFileLock(path, () => {
          if (waiting.size > 0) merge();
        });
      } catch (thrown) {
        notSaved(thrown);
      } finally {
        saving -= 1;
      }
    },
    saveAtExit() {
      if (waiting.size === 0) return;
      try {
        prepare();
        if (saving > 0) merge();
        else withFileLockAtExit(path, merge);
      } catch (thrown) {
        notSaved(thrown);
      }
    },
    read() {
      const found = readStatsFile(path);
      const history = found.kind === "history" ? found.history : createHistory(begun);
      extend(history, waiting, now());
      return history;
    },
    get problem() {
      return problemOf(path);
    },
  };
}

function problemOf(path: string): string | undefined {
  const found = readStatsFile(path);
  switch (found.kind) {
    case "missing":
    case "history":
      return undefined;
    case "damaged":
      return `${path} is damaged and is set aside when a server next saves. ${found.reason}`;
    case "foreign":
      return `${path} was written by another version of StarCoder Local and is left as it is.`;
    case "unreadable":
      return `${path} cannot be read: ${found.reason}`;
  }
}
