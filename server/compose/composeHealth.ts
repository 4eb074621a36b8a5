import { join } from "node:path";
import { detectFamily, readsPrefixLast } from "../completion/prompt/families.ts";
import { readHealth, type HealthSources } from "../health/snapshot/readHealth.ts";
import { residentBytesOf } from "../health/snapshot/residentBytes.ts";
import { listDownloads } from "../models/download/states.ts";
import { isRunning } from "../protocol/downloadText.ts";
import type { Health } from "../protocol/health.ts";
import type { Settings } from "../protocol/settings.ts";
import type { Status } from "../protocol/status.ts";
import { listServers } from "../state/serverFiles.ts";

/** What `starcoder/health` answers, read from the parts of a product. */
export function composeHealth(
  parts: Pick<
    HealthSources,
    "version" | "engine" | "endpoints" | "clock" | "isStarter" | "lastErrors" | "recent"
  > & {
    readonly homePath: string;
    readonly settings: () => Settings;
    readonly logs: () => Omit<Health["logs"], "folder">;
  },
): (status: Status) => Promise<Health> {
  const { homePath, logs, ...sources } = parts;
  return async (status) => ({
    ...(await readHealth(
      {
        ...sources,
        now: () => new Date(),
        familyOf(model) {
          const family = detectFamily(model);
          if (family === undefined) return undefined;
          return { id: family.id, order: readsPrefixLast(family) ? "SPM" : "PSM, anchored" };
        },
        servers: () => listServers(homePath),
        residentBytesOf,
        logs: () => ({ folder: join(homePath, "logs"), ...logs() }),
      },
      status,
    )),
    downloads: listDownloads(homePath).filter(isRunning).length,
  });
}
