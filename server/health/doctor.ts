import { errorActionCommands } from "../protocol/commands.ts";
import { errorTable, toCodedError } from "../protocol/errors.ts";
import type { DoctorCheck, DoctorReport } from "../protocol/records.ts";
import type { Check, Finding } from "./check.ts";
import { checksFor } from "./checks/checks.ts";
import type { DoctorWorld } from "./world.ts";

export interface DoctorOptions {
  readonly world: DoctorWorld;
  readonly clock: {
    now(): number;
    after(ms: number, callback: () => void): () => void;
  };
  /** Whether the slow checks run, too. */
  readonly full?: boolean;
  readonly checks?: readonly Check[];
  /** Milliseconds one check may take; a hung one times out alone. */
  readonly timeoutMs?: number;
}

/** Runs the checks side by side, then those that want to be alone; never rejects. */
export async function runDoctor(options: DoctorOptions): Promise<DoctorReport> {
  const { world, full = false } = options;
  const checks = options.checks ?? checksFor(world.settings);
  const found = new Map<Check, DoctorCheck>();
  const together = checks.filter(({ alone }) => alone !== true);
  await Promise.all(
    together.map(async (check) => found.set(check, await runCheck(check, options))),
  );
  for (const check of checks) {
    if (check.alone === true) found.set(check, await runCheck(check, options));
  }
  const results = checks.flatMap((check) => found.get(check) ?? []);
  return {
    ok: results.every(({ status }) => status !== "failed" && status !== "timeout"),
    full,
    time: world.now().toISOString(),
    version: world.versions.own,
    platform: `${world.system.platform}-${world.system.arch}`,
    checks: results,
  };
}

async function runCheck(check: Check, options: DoctorOptions): Promise<DoctorCheck> {
  const { world, clock, full = false } = options;
  if (check.slow === true && !full) {
    const why = check.whySlow === undefined ? "" : `: ${check.whySlow}`;
    return describe(check, { status: "skipped", message: `Only with --full${why}.` }, 0);
  }
  const timeoutMs = check.timeoutMs ?? options.timeoutMs ?? 15_000;
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
  const durationMs = Math.round(clock.now() - startedAt);
  if (outcome !== "timeout") return describe(check, outcome, durationMs);
  const message = `No answer within ${Math.round(timeoutMs / 1000)} s.`;
  const hung: Finding = { status: "failed", code: "TIMEOUT_ERROR", message };
  return { ...describe(check, hung, durationMs), status: "timeout" };
}

function describe(check: Check, finding: Finding, durationMs: number): DoctorCheck {
  const { name, title, group, why } = check;
  const { status, message, code } = finding;
  const entry = code === undefined ? undefined : errorTable[code];
  const remedy = finding.remedy ?? entry?.remedy;
  // It is what the user is looking at.
  const actions = (finding.actions ?? entry?.actions ?? []).filter((action) => action !== "doctor");
  return {
    ...{ name, title, group, status, message, why },
    ...(code === undefined ? {} : { code }),
    ...(remedy === undefined ? {} : { remedy }),
    fixes: actions.map((action) => {
      const { label, cli } = errorActionCommands[action];
      return { action, label, ...(cli === undefined ? {} : { cli }) };
    }),
    durationMs,
  };
}

function findingOf(thrown: unknown): Finding {
  const error = toCodedError(thrown);
  return { status: "failed", message: error.message, code: error.code };
}
