import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freeBytesAt } from "../../state/freeBytes.ts";
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
    freeBytes: freeBytesAt,
  };
}
