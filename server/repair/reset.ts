import { realpathSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { HostProcesses } from "../engine/local/hostProcess.ts";
import { statsPath } from "../health/stats/statsFile.ts";
import { CodedError } from "../protocol/errors.ts";
import { formatFiles } from "../protocol/figures.ts";
import type { ResetRecord } from "../protocol/repair.ts";
import { backupPath, createBackup } from "./backup.ts";
import { endHosts } from "./endHosts.ts";
import { planReset, type ResetChoice } from "./resetPlan.ts";
import { restartServers } from "./restartServers.ts";
import { discard, writeFailure } from "../state/writeFailure.ts";

export interface ResetOptions extends ResetChoice {
  readonly homePath: string;
  readonly processes: Pick<HostProcesses, "isHost" | "end">;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly now: Date;
  readonly note: (line: string) => void;
  /** The user's own folder, which is never a home. */
  readonly userFolder?: string;
}

/**
 * Deletes what the product has written in its home: first it saves what a restore could bring back,
 * then it ends the hosts, deletes, and has the servers started anew.
 * @throws CodedError `VALIDATION_ERROR` where the home is not the product's own, `HOST_HUNG` where a
 * host does not end, `HOME_NOT_WRITABLE` or `DISK_FULL` where the backup cannot be written: nothing
 * is deleted then; `HOME_NOT_WRITABLE` where something cannot be deleted
 */
export async function reset(options: ResetOptions): Promise<ResetRecord> {
  const { homePath, settings, now, note } = options;
  const { items } = planReset(homePath, options, options.userFolder);
  if (items.length === 0) return { home: homePath, items: [], done: true };
  const backup = createBackup({
    homePath,
    path: backupPath(homePath, now, "before-reset"),
    now,
    ...(settings === undefined ? {} : { settings }),
  });
  note(`Saved what can be restored in ${backup.path}.`);
  const { left } = await endHosts(homePath, options.processes);
  if (left.length > 0) {
    const pids = left.map(({ pid }) => String(pid)).join(", ");
    throw new CodedError("HOST_HUNG", `Process ${pids} does not end. Nothing was deleted.`);
  }
  const failures: unknown[] = [];
  const failed: string[] = [];
  const plan = planReset(homePath, options, options.userFolder);
  // The plan's paths lead through no link, the home's own may.
  const kept = realpathSync(backup.path);
  for (const path of plan.paths) {
    if (path === kept) continue;
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    } catch (thrown) {
      failures.push(writeFailure(path, thrown));
      failed.push(path);
    }
  }
  for (const { name, path, files, bytes } of items) {
    const isWhole = !failed.some((each) => each === path || dirname(each) === path);
    note(isWhole ? `Deleted ${name}: ${formatFiles(files, bytes)}.` : `Not all deleted: ${name}.`);
  }
  for (const name of plan.left) note(`Left ${name}, which is not ours.`);
  // Their logs are gone from under them.
  await restartServers(homePath);
  // What a server has counted it writes when it ends, which is now.
  if (failures.length === 0) discard(statsPath(homePath));
  if (failures.length > 0) throw failures[0];
  return { home: homePath, items, done: true, backup: backup.path };
}
