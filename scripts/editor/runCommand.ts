import { spawn } from "node:child_process";
import { constants } from "node:os";

/** Receives one line of progress for the terminal, without its line end. */
export type ProgressLog = (line: string) => void;

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Print straight to this terminal instead of capturing. */
  readonly inherit?: boolean;
  /** When given, the command's age is reported under this name every ten seconds. */
  readonly progress?: { readonly log: ProgressLog; readonly title: string };
}

/** A finished command: `output` is stdout and stderr in the order they arrived. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly output: string;
}

const heartbeatMs = 10_000;

/** Runs a command to its end and captures what it prints. Rejects only when it cannot be started. */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, progress, inherit }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: env ?? process.env,
      stdio: inherit === true ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let stdout = "";
    const started = Date.now();
    const heartbeat = setInterval(() => {
      const seconds = Math.round((Date.now() - started) / 1000);
      progress?.log(`  ${progress.title}: ${String(seconds)} s`);
    }, heartbeatMs);
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      output += chunk;
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    child.on("error", (error) => {
      clearInterval(heartbeat);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearInterval(heartbeat);
      resolve({
        code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
        stdout,
        output,
      });
    });
  });
}

/** As {@link runCommand}, but a failing command is an error that carries the end of its output. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  const { code, output } = await runCommand(command, args, options);
  if (code !== 0) {
    const tail = output.trimEnd().split("\n").slice(-15).join("\n");
    throw new Error(`${command} ${args.join(" ")} ended with ${String(code)}:\n${tail}`);
  }
  return output;
}
