import { spawn } from "node:child_process";
import { z } from "zod";
import { codedErrorSchema, CodedError } from "../server/protocol/errors.ts";
import type { EditorFacts } from "../server/protocol/editorFacts.ts";

export interface CliCall {
  /** Without the program, and without `--json`, which is added. */
  readonly args: readonly string[];
  /** What the command needs to know of the editor; passed as `--facts -` on standard input. */
  readonly facts?: EditorFacts;
  /** Called with each line that the command says about its progress. */
  readonly onNote?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Runs a command of the command line, which works while the language server is down. */
export type RunCli = <Schema extends z.ZodType>(
  schema: Schema,
  call: CliCall,
) => Promise<z.output<Schema>>;

/**
 * The command line bundled with the extension. The promise rejects with a `CodedError`: the one that
 * the command printed, or `INTERNAL_ERROR`.
 */
export function createRunCli(cliPath: string): RunCli {
  return async (schema, { args, facts, onNote, signal }) => {
    const all = [cliPath, ...args, "--json", ...(facts === undefined ? [] : ["--facts", "-"])];
    const { stdout, stderr } = await run(all, facts, onNote, signal);
    let record: unknown;
    try {
      record = JSON.parse(stdout);
    } catch (cause) {
      throw new CodedError("INTERNAL_ERROR", stderr.trim().slice(-500), cause);
    }
    const failure = failureRecordSchema.safeParse(record);
    if (failure.success) throw CodedError.fromData(failure.data.error);
    return schema.parse(record);
  };
}

/** Nothing but the failure: some records have a failure among other things. */
const failureRecordSchema = z.strictObject({ error: codedErrorSchema });

function run(
  args: readonly string[],
  facts: EditorFacts | undefined,
  onNote: CliCall["onNote"],
  signal: AbortSignal | undefined,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      // In an Electron extension host the executable is not Node unless told so.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["pipe", "pipe", "pipe"],
      ...(signal === undefined ? {} : { signal }),
    });
    let stdout = "";
    let stderr = "";
    let line = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      const lines = (line + text).split("\n");
      line = lines.pop() ?? "";
      for (const whole of lines) onNote?.(whole);
    });
    child.once("error", (cause) => {
      reject(new CodedError("INTERNAL_ERROR", "The command could not be run.", cause));
    });
    child.once("close", () => resolve({ stdout, stderr }));
    // A command that ends without reading its input is no failure.
    child.stdin.on("error", () => undefined);
    child.stdin.end(facts === undefined ? "" : JSON.stringify(facts));
  });
}
