import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { runFileSchema, type RunFile } from "../protocol/host.ts";

/** The run file at a path; `undefined` when it is missing, damaged or of a form not known here. */
export function readRunFile(path: string): RunFile | undefined {
  try {
    const parsed = runFileSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a run file, mode 0600, so that a reader sees the old one or the whole new one. */
export function writeRunFile(path: string, content: RunFile): void {
  const partial = `${path}.${String(process.pid)}.partial`;
  writeFileSync(partial, JSON.stringify(content), { mode: 0o600 });
  renameSync(partial, path);
}

/** Removes a run file if it still belongs to the host with this token. */
export function removeRunFile(path: string, token: string): void {
  if (readRunFile(path)?.token === token) rmSync(path, { force: true });
}
