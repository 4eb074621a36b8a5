import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRunFile } from "../../server/state/runFile.ts";

/** A home of its own for process tests, and the end of whatever was started in it. */
export interface ProcessHome {
  readonly path: string;
  /** Process ids of the hosts that serve this home. */
  hosts(): number[];
  /** Kills its hosts and removes it. */
  remove(): void;
}

export function createProcessHome(): ProcessHome {
  const path = mkdtempSync(join(tmpdir(), "starcoder-test-"));
  const hosts = (): number[] => {
    const folder = join(path, "run");
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .flatMap((name) => readRunFile(join(folder, name))?.pid ?? []);
    } catch {
      return [];
    }
  };
  return {
    path,
    hosts,
    remove() {
      for (const pid of hosts()) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      }
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
