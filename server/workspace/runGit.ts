import { execFile } from "node:child_process";
import path from "node:path";

/** How a run of git ended. */
export type GitRan =
  | { readonly kind: "done"; readonly output: Uint8Array }
  | { readonly kind: "exit"; readonly code: number; readonly error: string }
  /** There is no git, or no such folder. */
  | { readonly kind: "missing" }
  | { readonly kind: "timeout" }
  | { readonly kind: "tooLong" };

/** Runs git in a folder; output past `maxBytes` ends it. */
export type GitRun = (
  folder: string,
  args: readonly string[],
  maxBytes?: number,
) => Promise<GitRan>;

const timeoutMs = 5000;
const defaultBytes = 65_536;

/*
 * A folder that somebody opens may hold a repository whose configuration names programs. None may
 * run: not the file system monitor, not hooks, not a pager, not what fetches missing objects.
 */
const safety = [
  ...["-c", "core.fsmonitor=false"],
  ...["-c", "core.hooksPath=/dev/null"],
  ...["-c", "core.pager=cat"],
  ...["-c", "core.untrackedCache=false"],
  ...["-c", "protocol.allow=never"],
  "--no-pager",
  "--no-optional-locks",
];

/** Set by git for its hooks; they would send us to another repository than the folder's. */
const inherited =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|OBJECT_DIRECTORY|COMMON_DIR|NAMESPACE|EXTERNAL_DIFF|ALTERNATE.*|TRACE.*|SSH.*|PROXY.*|ASKPASS)$/;

/** Runs the `git` program of the path. Never rejects. */
export const runGit: GitRun = (folder, args, maxBytes = defaultBytes) =>
  new Promise((resolve) => {
    const options = {
      // Windows looks for programs in the working folder first: never in the repository.
      cwd: path.dirname(process.execPath),
      env: environment(),
      encoding: "buffer",
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      maxBuffer: maxBytes,
      windowsHide: true,
    } as const;
    execFile("git", [...safety, "-C", folder, ...args], options, (error, output, errors) => {
      if (error === null) resolve({ kind: "done", output });
      else resolve(endOf(error, errors.toString("utf8").slice(0, 500)));
    });
  });

function endOf(
  error: { readonly code?: unknown; readonly killed?: boolean },
  message: string,
): GitRan {
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return { kind: "tooLong" };
  if (error.killed === true) return { kind: "timeout" };
  if (typeof error.code === "number") return { kind: "exit", code: error.code, error: message };
  return { kind: "missing" };
}

function environment(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !inherited.test(name));
  return {
    ...Object.fromEntries(kept),
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_LAZY_FETCH: "1",
    GIT_ALLOW_PROTOCOL: "none",
    GIT_NO_REPLACE_OBJECTS: "1",
    LC_ALL: "C",
    NoDefaultCurrentDirectoryInExePath: "1",
  };
}
