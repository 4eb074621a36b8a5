import { rm, statfs, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openHome } from "../../state/home.ts";
import type { HomeWorld } from "../world.ts";

/** The home folder and what can be done in it. */
export function createHomeWorld(path: string): HomeWorld {
  return {
    path,
    logs: join(path, "logs"),
    models: join(path, "models"),
    open: () => Promise.resolve().then(() => void openHome(path)),
    async tryWriting(folder) {
      // Access bits say nothing about read-only mounts and full disks; writing does.
      const probe = join(folder, `.doctor-${process.pid}`);
      try {
        await writeFile(probe, "x".repeat(4096), { mode: 0o600 });
      } finally {
        await rm(probe, { force: true }).catch(() => undefined);
      }
    },
    freeBytes,
  };
}

async function freeBytes(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = await statfs(at);
      return bavail * bsize;
    } catch (thrown) {
      // What is not there yet will lie on the disk of the folder above.
      if (at === dirname(at)) throw thrown;
    }
  }
}
