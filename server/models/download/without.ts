import type { DownloadState } from "../../protocol/models.ts";

type Optional = "error" | "pid" | "bytesPerSecond" | "secondsLeft" | "retryInSeconds" | "tries";

/** A state without what does not hold any more. */
export function without(state: DownloadState, ...names: readonly Optional[]): DownloadState {
  const kept = { ...state };
  for (const name of names) Reflect.deleteProperty(kept, name);
  return kept;
}
