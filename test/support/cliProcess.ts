import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { fileURLToPath } from "node:url";

export const cliScript = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));

export interface CliOptions {
  readonly home: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What stands on standard input; none by default. */
  readonly input?: string;
  /** Another copy of the product's command line. */
  readonly script?: string;
}

/** What a command printed, and its exit status. */
export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a command of the command line as a process of its own. */
export function startCli(
  args: readonly string[],
  options: CliOptions,
): { readonly child: ChildProcessWithoutNullStreams; readonly ended: Promise<CliEnd> } {
  const { home, cwd, env = {}, input = "", script = cliScript } = options;
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, STARCODER_HOME: home, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // A command that ends without reading its input is no failure.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const ended = new Promise<CliEnd>((resolve) => {
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliEnd> {
  return startCli(args, options).ended;
}
