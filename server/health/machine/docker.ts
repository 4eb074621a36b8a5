import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import path from "node:path";
import type { DockerRan, FolderSeen } from "../containers/docker.ts";

/** Milliseconds that one call may take; a daemon that hangs must not hold up the doctor. */
const timeoutMs = 2000;

/** Runs the `docker` program of the path. Never rejects. */
export function runDocker(args: readonly string[], signal: AbortSignal): Promise<DockerRan> {
  return new Promise((resolve) => {
    const options = {
      // Windows looks for programs in the working folder first: never in the workspace.
      cwd: path.dirname(process.execPath),
      encoding: "utf8",
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      maxBuffer: 4_000_000,
      windowsHide: true,
      signal,
    } as const;
    execFile("docker", args, options, (error, output, errors) => {
      if (error === null) resolve({ kind: "done", output });
      else if (error.killed === true || signal.aborted) resolve({ kind: "timeout" });
      else if (error.code === "ENOENT" || error.code === "EACCES") resolve({ kind: "missing" });
      else resolve({ kind: "exit", error: errors.trim() || error.message });
    });
  });
}

/** Who may use a file or folder, as the system has it. Never rejects. */
export async function lookAtFolder(place: string): Promise<FolderSeen> {
  try {
    const { uid, gid, mode } = await stat(place);
    return { kind: "there", uid, gid, mode };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR" ? { kind: "missing" } : { kind: "unknown" };
  }
}
