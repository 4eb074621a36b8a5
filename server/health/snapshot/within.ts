import type { Clock } from "../../engine/clock.ts";

/** The value of a promise, or `instead` when it takes longer than `ms` or rejects. */
export function within<Value, Instead>(
  clock: Clock,
  ms: number,
  promise: Promise<Value>,
  instead: Instead,
): Promise<Value | Instead> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(instead));
    const settle = (value: Value | Instead): void => {
      cancel();
      resolve(value);
    };
    promise.then(settle, () => settle(instead));
  });
}
