import type { CodedError } from "../server/protocol/errors.ts";
import type { Clock } from "./clock.ts";

/** The answer; where it takes longer than `ms`, the promise rejects with what `late` says. */
export function within<Value>(
  clock: Clock,
  ms: number,
  answer: Promise<Value>,
  late: () => CodedError,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => {
      reject(late());
    });
    answer.finally(cancel).then(resolve, reject);
  });
}
