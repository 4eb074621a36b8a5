import { open, readdir, stat, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import { CodedError } from "../../protocol/errors.ts";
import type { LogFile } from "../../protocol/logs.ts";

/** A log file that is being read. */
export interface OpenLog {
  /** Its place among the files of the folder; stays the same. */
  readonly number: number;
  /** Device and inode: what stays when the file is renamed by a rotation. */
  readonly id: string;
  readonly handle: FileHandle;
  /** Where it lies now. */
  path: string;
  sizeBytes: number;
  /** How many looks ago it had a name in the folder. */
  missing: number;
  /** Bytes that were read as whole lines. */
  position: number;
  brokenLines: number;
  /** A line at the end that is not finished, and was no record when it was last looked at. */
  isTailBroken: boolean;
  /** Why it cannot be read any further. */
  error: string | undefined;
}

export interface LogFolder {
  readonly folder: string;
  /** Those that could be opened, by number. */
  readonly logs: readonly OpenLog[];
  /**
   * Looks which files there are now, opens new ones and follows renamed ones.
   * @throws CodedError `LOG_UNREADABLE` when the folder cannot be listed; one that does not exist has no
   * files.
   */
  refresh(): Promise<void>;
  /** All files, those that could not be opened included. */
  describe(): LogFile[];
  close(): Promise<void>;
}

/** Open files of a query; the rows of what was rotated away stay readable until it ends. */
const mostLogs = 1000;

/**
 * The log files of a folder, held open: a writer may rename or remove them meanwhile, and the next
 * file of the same name is never taken for the one before.
 */
export function openLogFolder(folder: string): LogFolder {
  const logs: OpenLog[] = [];
  const known = new Map<string, OpenLog>();
  let unopened: LogFile[] = [];
  let closed = false;

  async function openLog(path: string): Promise<void> {
    const handle = await open(path, "r");
    try {
      const { id, size } = await identify(() => handle.stat({ bigint: true }));
      // Renamed since it was listed, or closed meanwhile.
      if (known.has(id) || closed || logs.length >= mostLogs) {
        await handle.close();
        return;
      }
      const log: OpenLog = {
        number: logs.length,
        id,
        handle,
        path,
        sizeBytes: size,
        missing: 0,
        position: 0,
        brokenLines: 0,
        isTailBroken: false,
        error: undefined,
      };
      logs.push(log);
      known.set(id, log);
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }

  return {
    folder,
    logs,
    async refresh() {
      const failed: LogFile[] = [];
      for (const log of logs) log.missing += 1;
      for (const path of await listLogFiles(folder)) {
        let sizeBytes = 0;
        try {
          const { id, size } = await identify(() => stat(path, { bigint: true }));
          sizeBytes = size;
          const log = known.get(id);
          if (log === undefined) await openLog(path);
          else Object.assign(log, { path, sizeBytes, missing: 0 });
        } catch (thrown) {
          // Between listing and opening it was removed: there is nothing to tell.
          if (codeOf(thrown) === "ENOENT") continue;
          failed.push({ path, sizeBytes, error: reasonOf(thrown) });
        }
      }
      unopened = failed;
    },
    describe() {
      const described = logs.map((log): LogFile => {
        const { path, sizeBytes, error } = log;
        const brokenLines = log.brokenLines + (log.isTailBroken ? 1 : 0);
        return {
          path,
          sizeBytes,
          ...(brokenLines === 0 ? {} : { brokenLines }),
          ...(error === undefined ? {} : { error }),
        };
      });
      return [...described, ...unopened];
    },
    async close() {
      closed = true;
      await Promise.allSettled(logs.map(({ handle }) => handle.close()));
    },
  };
}

/**
 * Paths of the log files in a folder, older ones of a rotation before newer ones.
 * @throws CodedError `LOG_UNREADABLE`; a folder that does not exist has none.
 */
export async function listLogFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => name.endsWith(".jsonl"))
      .sort(byAge)
      .map((name) => join(folder, name));
  } catch (thrown) {
    if (codeOf(thrown) === "ENOENT") return [];
    throw new CodedError("LOG_UNREADABLE", `${folder}: ${reasonOf(thrown)}`, thrown);
  }
}

/** `host-7.2.jsonl`, `host-7.1.jsonl`, `host-7.jsonl`. */
function byAge(a: string, b: string): number {
  const [first, second] = [splitName(a), splitName(b)];
  if (first.stem !== second.stem) return first.stem < second.stem ? -1 : 1;
  return second.rotation - first.rotation;
}

function splitName(name: string): { stem: string; rotation: number } {
  const match = /^(.*?)(?:\.(\d+))?\.jsonl$/.exec(basename(name));
  return { stem: match?.[1] ?? name, rotation: Number(match?.[2] ?? 0) };
}

interface Status {
  isFile(): boolean;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
}

async function identify(ask: () => Promise<Status>): Promise<{ id: string; size: number }> {
  const status = await ask();
  // A pipe of that name would be waited for for ever.
  if (!status.isFile()) throw new Error("This is no file.");
  return { id: `${status.dev}:${status.ino}`, size: Number(status.size) };
}

export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}
