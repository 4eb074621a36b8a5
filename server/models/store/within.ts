import { CodedError } from "../../protocol/errors.ts";

/**
 * The same promise, given up after a while: a drive that went away answers nothing at all.
 * @throws CodedError `MODEL_INVALID` when it is too late
 */
export async function within<Value>(ms: number, path: string, promise: Promise<Value>) {
  const abort = new AbortController();
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, rejectAfter(ms, path, abort.signal)]);
  } finally {
    abort.abort();
  }
}

function rejectAfter(ms: number, path: string, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => {
      reject(new CodedError("MODEL_INVALID", `${path} cannot be read: its drive does not answer.`));
    }, ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });
}
