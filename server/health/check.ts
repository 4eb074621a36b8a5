import type { DoctorCheck } from "../protocol/records.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import type { DoctorWorld } from "./world.ts";

/** What a check found; the remedy comes from the code unless the check knows a better one. */
export interface Finding {
  readonly status: Exclude<DoctorCheck["status"], "timeout">;
  readonly message: string;
  readonly code?: ErrorCode;
  readonly remedy?: string;
}

/** One thing the doctor looks at. It may throw: that is a failed check. */
export interface Check {
  readonly name: string;
  readonly title: string;
  run(world: DoctorWorld, signal: AbortSignal): Finding | Promise<Finding>;
}
