import { toCodedError } from "../protocol/errors.ts";
import type { ErrorRecord } from "../protocol/records.ts";

/**
 * What the process ends with: done, findings or failed checks, wrong usage, an error of the table, or
 * what shells say of a process that Ctrl-C ended.
 */
export const exitCodes = { done: 0, findings: 1, usage: 2, failed: 3, interrupted: 130 } as const;

/** A command line that cannot be understood; the message says what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Somebody pressed Ctrl-C: there is no result, and nothing went wrong. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Where a command prints; injected so that tests can read it. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
}

export interface CommandOutcome {
  /** The one document that `--json` prints; valid by the command's schema in the protocol. */
  readonly record: object;
  /** The same for people. */
  readonly text: string;
  /** Lines for the standard error output: what is no result. */
  readonly notes?: readonly string[];
  readonly exitCode: number;
  /** The command has printed its result already, piece by piece. */
  readonly printed?: boolean;
}

/** Runs a command, prints what came of it and returns the exit code; never rejects. */
export async function report(
  terminal: Terminal,
  json: boolean,
  run: () => Promise<CommandOutcome>,
): Promise<number> {
  try {
    const { record, text, notes = [], exitCode, printed = false } = await run();
    for (const note of notes) terminal.error(note);
    if (!printed) terminal.out(json ? JSON.stringify(record, undefined, 2) : text);
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      terminal.error(thrown.message);
      return exitCodes.usage;
    }
    if (thrown instanceof Interrupted) {
      terminal.error("Cancelled.");
      return exitCodes.interrupted;
    }
    const error = toCodedError(thrown);
    const data = error.toData();
    terminal.error(`${data.code}: ${data.message}\n${data.remedy}`);
    const record: ErrorRecord = { error: data };
    if (json) terminal.out(JSON.stringify(record, undefined, 2));
    return exitCodes.failed;
  }
}
