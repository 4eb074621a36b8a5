import { errorTable, toCodedError } from "../protocol/errors.ts";
import type { DoctorCheck, DoctorReport } from "../protocol/records.ts";
import type { Check, Finding } from "./check.ts";
import { bindingCheck } from "./checks/binding.ts";
import { homeCheck } from "./checks/home.ts";
import { memoryCheck } from "./checks/memory.ts";
import { modelCheck } from "./checks/model.ts";
import { nodeCheck } from "./checks/node.ts";
import { socketCheck } from "./checks/socket.ts";
import type { DoctorWorld } from "./world.ts";

/** The checks, in the order in which they are reported. */
export const doctorChecks: readonly Check[] = [
  nodeCheck,
  homeCheck,
  modelCheck,
  bindingCheck,
  socketCheck,
  memoryCheck,
];

export interface DoctorOptions {
  readonly world: DoctorWorld;
  readonly clock: {
    now(): number;
    after(ms: number, callback: () => void): () => void;
  };
  readonly checks?: readonly Check[];
  /** Milliseconds one check may take; a hung one times out alone. */
  readonly timeoutMs?: number;
}

/** Runs all checks side by side and reports each; never rejects. */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const checks = await Promise.all(
    (options.checks ?? doctorChecks).map((check) => runCheck(check, options)),
  );
  const ok = checks.every(({ status }) => status === "ok" || status === "warning");
  return { ok, checks };
}

async function runCheck(check: Check, options: DoctorOptions): Promise<DoctorCheck> {
  const { world, clock, timeoutMs = 20_000 } = options;
  const startedAt = clock.now();
  const abort = new AbortController();
  let cancelTimer = (): void => undefined;
  const timedOut = new Promise<"timeout">((resolve) => {
    cancelTimer = clock.after(timeoutMs, () => resolve("timeout"));
  });
  const found = Promise.resolve()
    .then(() => check.run(world, abort.signal))
    .catch(findingOf);
  const outcome = await Promise.race([found, timedOut]);
  cancelTimer();
  abort.abort();
  const { name, title } = check;
  const durationMs = Math.round(clock.now() - startedAt);
  if (outcome === "timeout") {
    const code = "TIMEOUT_ERROR";
    const message = `No answer within ${Math.round(timeoutMs / 1000)} s.`;
    return { name, title, status: "timeout", message, code, durationMs };
  }
  const remedy = outcome.remedy ?? (outcome.code ? errorTable[outcome.code].remedy : undefined);
  return { name, title, ...outcome, ...(remedy === undefined ? {} : { remedy }), durationMs };
}

function findingOf(thrown: unknown): Finding {
  const error = toCodedError(thrown);
  return { status: "failed", message: error.message, code: error.code };
}
