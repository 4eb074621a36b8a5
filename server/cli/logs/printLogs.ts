import { CodedError } from "../../protocol/errors.ts";
import type { LogFile, LogFilter, LogRow } from "../../protocol/logs.ts";
import { followLogs } from "../../logs/read/followLogs.ts";
import { createLogQuery, type LogQuery } from "../../logs/read/logQuery.ts";
import { exitCodes, type CommandOutcome } from "../outcome.ts";
import { describeEntry } from "./describeEntry.ts";
import type { Output } from "./output.ts";

export interface PrintLogsOptions {
  readonly folder: string;
  readonly filter: LogFilter;
  /** How many of the newest; 0: all. */
  readonly lines: number;
  readonly json: boolean;
  readonly follow: boolean;
  readonly output: Output;
  /** Ends following. */
  readonly signal: AbortSignal;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

/** Records read and printed at once: all of a log may be more than fits into memory. */
const pageRows = 500;

/**
 * Prints the records that match, oldest first, and goes on with new ones when they are followed.
 * @throws CodedError `LOG_UNREADABLE` when the folder or every file in it cannot be read.
 */
export async function printLogs(options: PrintLogsOptions): Promise<CommandOutcome> {
  const { folder, filter, json, follow, output, lines } = options;
  const query = createLogQuery({ folder, filter, now: options.now });
  const signal = AbortSignal.any([options.signal, output.closed]);
  try {
    await query.begin(1);
    await query.counted;
    const { files, matches } = query.progress();
    refuseUnreadable(files);
    const from = lines === 0 ? 0 : Math.max(0, matches - lines);
    const toText = ({ record }: LogRow): string =>
      json ? JSON.stringify(record) : describeEntry(record, output.isColoured);
    if (json && !follow) await printDocument(query, from, files, output);
    else await printLines(query, from, matches, toText, output);
    if (follow) await printNew(query, folder, toText, output, signal);
    return {
      record: {},
      text: "",
      printed: true,
      notes: notesOf(files, matches, follow),
      exitCode: exitCodes.done,
    };
  } finally {
    await query.end();
  }
}

/** The one document of `--json`, written piece by piece. */
async function printDocument(
  query: LogQuery,
  start: number,
  files: readonly LogFile[],
  output: Output,
): Promise<void> {
  await output.write(`{"files":${JSON.stringify(files)},"records":[`);
  let separator = "\n";
  for (let from = start; !output.closed.aborted; from += pageRows) {
    const { rows } = await query.page(from, pageRows);
    if (rows.length === 0) break;
    const text = rows.map(({ record }) => JSON.stringify(record)).join(",\n");
    await output.write(separator + text);
    separator = ",\n";
  }
  await output.write("]}\n");
}

async function printLines(
  query: LogQuery,
  start: number,
  end: number,
  toText: (row: LogRow) => string,
  output: Output,
): Promise<void> {
  for (let from = start; from < end && !output.closed.aborted; from += pageRows) {
    const { rows } = await query.page(from, Math.min(pageRows, end - from));
    await output.write(rows.map((row) => `${toText(row)}\n`).join(""));
  }
}

/** Until somebody ends it, or nobody reads any more. */
async function printNew(
  query: LogQuery,
  folder: string,
  toText: (row: LogRow) => string,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const read = async (): Promise<void> => {
    for (const rows of await query.readNew()) {
      if (!signal.aborted) await output.write(rows.map((row) => `${toText(row)}\n`).join(""));
    }
  };
  const end = followLogs({ folder, read });
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  end();
}

function refuseUnreadable(files: readonly LogFile[]): void {
  const broken = files.find(({ error }) => error !== undefined);
  if (broken === undefined || files.some(({ error }) => error === undefined)) return;
  throw new CodedError("LOG_UNREADABLE", `${broken.path}: ${broken.error ?? ""}`);
}

function notesOf(files: readonly LogFile[], matches: number, follow: boolean): string[] {
  const notes = files.flatMap(({ path, error, brokenLines = 0 }) => [
    ...(error === undefined ? [] : [`${path} cannot be read: ${error}`]),
    ...(brokenLines === 0 ? [] : [`${path}: ${brokenLines} lines are no log records.`]),
  ]);
  if (follow || matches > 0) return notes;
  return [...notes, files.length === 0 ? "There are no logs yet." : "No records match."];
}
