import { CodedError } from "../protocol/errors.ts";
import { repairRecordSchema, type RepairRecord } from "../protocol/repair.ts";
import { exitCodes, Interrupted, type CommandOutcome } from "./outcome.ts";

/**
 * What came of a repair. A step that failed makes the exit code that of an error; its code stands
 * on the standard error output, the whole record on the standard output.
 * @throws Interrupted where Ctrl-C ended it; what was done is said already
 */
export function repairOutcome(raw: RepairRecord, signal?: AbortSignal): CommandOutcome {
  if (signal?.aborted === true) throw new Interrupted();
  const record = repairRecordSchema.parse(raw);
  const failed = record.steps.filter(({ status }) => status === "failed");
  return {
    record,
    text: record.steps.map(({ title, message }) => `${title}: ${message}`).join("\n"),
    notes: failed.map(({ title, code = "REBUILD_FAILED", message }) => {
      return `${code}: ${title}. ${message}\n${new CodedError(code).toData().remedy}`;
    }),
    exitCode: record.ok ? exitCodes.done : exitCodes.failed,
  };
}
