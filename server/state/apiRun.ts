import { join } from "node:path";
import { rmSync } from "node:fs";
import { apiRunFileSchema, type ApiRunFile } from "../protocol/api.ts";
import { readJson, writeJson } from "./jsonFile.ts";
import { isHeld } from "./soleHolder.ts";

/*
 * Who serves the loopback API of a home: at most one process, which holds a lock.
 */

/** The lock that the serving process holds. */
export function apiLockPath(homePath: string): string {
  return join(homePath, "run", "api.lock");
}

function runPath(homePath: string): string {
  return join(homePath, "run", "api.json");
}

/** Who serves at the moment; undefined: nobody. */
export function readApiRun(homePath: string): ApiRunFile | undefined {
  if (!isHeld(apiLockPath(homePath))) return undefined;
  return readJson(runPath(homePath), apiRunFileSchema, 4096);
}

/** Tells the other programs of the home where it is served. */
export function writeApiRun(homePath: string, entry: ApiRunFile): void {
  writeJson(runPath(homePath), entry);
}

/** Takes that back, unless another process has taken over. */
export function removeApiRun(homePath: string, pid: number): void {
  const entry = readJson(runPath(homePath), apiRunFileSchema, 4096);
  if (entry?.pid === pid) rmSync(runPath(homePath), { force: true });
}

/** Where it is reached. */
export function apiAddress(port: number): string {
  return `http://127.0.0.1:${String(port)}`;
}
