import path from "node:path";
import type { z } from "zod";
import {
  type CompleteRecord,
  completeRecordSchema,
  doctorReportSchema,
  errorRecordSchema,
} from "../server/protocol/records.ts";
import { type ProgressLog, runCommand } from "./editor/runCommand.ts";

const root = path.join(import.meta.dirname, "..");

/** The sample whose completion shows that everything works; line and column count from 1. */
export interface Sample {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text before the cursor in its line, to show the suggestion in place. */
  readonly before: string;
}

/** Completes the sample with the bundles in `dist/` and asks the doctor; says what came of it. */
export async function selfCheck(
  sample: Sample,
  env: NodeJS.ProcessEnv,
  log: ProgressLog,
): Promise<boolean> {
  log("Self-check");
  const place = `${sample.file}:${String(sample.line)}:${String(sample.column)}`;
  const completed = await cli(["complete", place, "--json"], completeRecordSchema, env, log);
  if (completed !== undefined) reportCompletion(sample, completed, log);
  const doctor = await cli(["doctor", "--json"], doctorReportSchema, env, log);
  for (const check of doctor?.checks ?? []) {
    log(`  ${check.status.padEnd(7)} ${check.title}: ${check.message}`);
    if (check.status !== "ok" && check.remedy !== undefined) log(`          → ${check.remedy}`);
  }
  return completed?.suggestion != null && doctor?.ok === true;
}

function reportCompletion(sample: Sample, record: CompleteRecord, log: ProgressLog): void {
  const name = path.relative(root, record.file);
  log(`  ${name}, line ${String(record.line)}; «» is StarCoder's suggestion:`);
  const { suggestion } = record;
  const shown = suggestion === null ? "" : `«${suggestion}»`;
  for (const line of `${sample.before}${shown}`.split("\n")) log(`    │ ${line}`);
  if (suggestion === null) log(`  no suggestion: ${record.reason ?? "no reason given"}`);
  const { startMs, completionMs } = record.latency;
  const { used, fallbackReason } = record.backend;
  const starter = record.model.starter
    ? " (the bundled starter; set starcoder.model.path for a larger one)"
    : "";
  log(`  latency: ${ms(completionMs)}, after ${ms(startMs)} to start the model host`);
  log(`  model:   ${record.model.name}${starter}`);
  log(`  backend: ${used}${fallbackReason === undefined ? "" : ` (${fallbackReason})`}`);
  log(`  service: ${record.state}`);
}

const ms = (value: number): string => `${String(Math.round(value))} ms`;

/** Runs the command line and reads its document; what goes wrong is said and gives nothing. */
async function cli<Schema extends z.ZodType>(
  args: readonly string[],
  schema: Schema,
  env: NodeJS.ProcessEnv,
  log: ProgressLog,
): Promise<z.output<Schema> | undefined> {
  const command = [path.join(root, "dist", "cli.mjs"), ...args];
  const { code, stdout, output } = await runCommand(process.execPath, command, { cwd: root, env });
  const document = parseJson(stdout);
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const failure = errorRecordSchema.safeParse(document);
  if (failure.success) {
    const { code: coded, message, remedy } = failure.data.error;
    log(`  FAILED ${args[0] ?? ""}: ${coded}: ${message} ${remedy}`);
  } else {
    log(`  FAILED ${args[0] ?? ""} ended with ${String(code)}:\n${output.trim()}`);
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
