import { spawn } from "node:child_process";
import { CodedError } from "../../protocol/errors.ts";
import type { DownloadJob } from "./workerProtocol.ts";

/**
 * What passes through are buffers outside the heap, which V8 counts as growth of it. In so small a
 * heap it would look through everything each 14 MB that come, and be half of the work: it may grow by
 * 300% first, which costs no memory that a download does not take anyway (`bench:models`).
 */
const flags = ["--max-semi-space-size=1", "--max-old-space-size=96", "--heap-growing-percent=300"];

/**
 * Starts a download in a process that belongs to no window: the process tree that ends with a window
 * does not contain it.
 * @throws CodedError `INTERNAL_ERROR` where no process can be started
 */
export async function startWorker(script: string, job: DownloadJob): Promise<void> {
  const [command, args] = commandFor(script, process.platform);
  const env = { ...process.env };
  for (const name of ["NODE_OPTIONS", "NODE_CHANNEL_FD", "VSCODE_INSPECTOR_OPTIONS"]) {
    Reflect.deleteProperty(env, name);
  }
  if (process.versions["electron"] !== undefined) env["ELECTRON_RUN_AS_NODE"] = "1";
  await new Promise<void>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: job.homePath,
      detached: true,
      windowsHide: true,
      stdio: ["pipe", "ignore", "ignore"],
      env,
    });
    child.once("error", (cause) => {
      reject(new CodedError("INTERNAL_ERROR", "The download could not be started.", cause));
    });
    // One that ends before it has read its job says why in the log.
    child.stdin.on("error", () => undefined);
    child.stdin.end(JSON.stringify(job), () => resolve());
    child.unref();
  });
}

function commandFor(script: string, platform: NodeJS.Platform): [string, string[]] {
  if (platform === "win32") return [process.execPath, [...flags, script]];
  // The shell ends at once; what it has started is re-parented. Without the copy of standard input
  // a shell gives a background process none.
  const line = 'exec 3<&0; "$0" "$@" <&3 3<&- >/dev/null 2>&1 &';
  return ["/bin/sh", ["-c", line, process.execPath, ...flags, script]];
}
