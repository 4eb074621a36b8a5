import type { ErrorAction, ErrorCode } from "../protocol/errors.ts";
import type { DoctorCheck } from "../protocol/records.ts";
import type { DoctorWorld } from "./world.ts";

/** What a check found; remedy and actions are the code's unless the check knows better ones. */
export interface Finding {
  readonly status: Exclude<DoctorCheck["status"], "timeout">;
  /** What was seen, with figures. */
  readonly message: string;
  readonly code?: ErrorCode;
  readonly remedy?: string;
  readonly actions?: readonly ErrorAction[];
}

/** One thing the doctor looks at. It may throw: that is a failed check. */
export interface Check {
  /** Stable, such as `node`. */
  readonly name: string;
  readonly title: string;
  readonly group: DoctorCheck["group"];
  /** Why it matters, one sentence. */
  readonly why: string;
  /** Only with `--full`. */
  readonly slow?: boolean;
  /** Why it is left to `--full`, where that is not its duration. */
  readonly whySlow?: string;
  /** Runs by itself after the others, which would disturb what it measures. */
  readonly alone?: boolean;
  /** Milliseconds it may take, where that is not the usual. */
  readonly timeoutMs?: number;
  run(world: DoctorWorld, signal: AbortSignal): Finding | Promise<Finding>;
}
