import { readFileSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { writeJson } from "../../state/jsonFile.ts";
import { countsSchema } from "./counts.ts";
import type { History } from "./history.ts";
import { makeFolder } from "../../state/makeFolder.ts";

/** Bytes; a whole day of five-minute steps takes well below a megabyte. */
export const longestStats = 8 * 1024 * 1024;
/** The form of the file that this version reads and writes. */
const version = 1;

const time = z.number().min(0).max(8.64e15);
export const statsFileSchema = z.object({
  version: z.literal(version),
  since: time,
  total: countsSchema,
  steps: z.array(z.object({ at: time, counts: countsSchema })),
});
const versionSchema = z.object({ version: z.number() });

/** What stands in the file. */
export type StatsRead =
  | { readonly kind: "missing" }
  | { readonly kind: "history"; readonly history: History }
  | { readonly kind: "damaged"; readonly reason: string }
  /** Of another version of the product: not ours to touch. */
  | { readonly kind: "foreign"; readonly version: number }
  | { readonly kind: "unreadable"; readonly reason: string };

export function statsPath(homePath: string): string {
  return join(homePath, "stats.json");
}

export function readStatsFile(path: string): StatsRead {
  let text: string;
  try {
    if (statSync(path).size > longestStats) return { kind: "damaged", reason: "It is too long." };
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    const isMissing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    return isMissing ? { kind: "missing" } : { kind: "unreadable", reason: reasonOf(thrown) };
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { kind: "damaged", reason: "It is not JSON." };
  }
  const stated = versionSchema.safeParse(content);
  if (stated.success && stated.data.version !== version) {
    return { kind: "foreign", version: stated.data.version };
  }
  const parsed = statsFileSchema.safeParse(content);
  if (!parsed.success) return { kind: "damaged", reason: "It has another form." };
  const { since, total, steps } = parsed.data;
  return {
    kind: "history",
    history: { since, total, steps: new Map(steps.map(({ at, counts }) => [at, counts])) },
  };
}

/**
 * Replaces the file, mode 0600, at once as a whole.
 * @throws what the system reports where it cannot be written
 */
export function writeStatsFile(path: string, { since, total, steps }: History): void {
  makeFolder(dirname(path));
  const ascending = [...steps].sort(([a], [b]) => a - b);
  const file: z.input<typeof statsFileSchema> = {
    version,
    since,
    total,
    steps: ascending.map(([at, counts]) => ({ at, counts })),
  };
  writeJson(path, file);
}

/**
 * Moves a damaged file out of the way and returns where it lies now.
 * @throws what the system reports
 */
export function setAside(path: string, now: Date): string {
  const stamp = now.toISOString().replace(/[:.]/g, "-");
  const aside = path.replace(/\.json$/, `.damaged-${stamp}.json`);
  renameSync(path, aside);
  return aside;
}

export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
