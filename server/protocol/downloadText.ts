import { errorTable } from "./errorTable.ts";
import { formatBytes } from "./figures.ts";
import type { DownloadState } from "./models.ts";

/*
 * A download in words: the same on the terminal, in the editor's progress and in its lists.
 */

/** What of it is there, from 0 to 1; undefined while its size is not known. */
export function downloadedShare({ receivedBytes, totalBytes }: DownloadState): number | undefined {
  if (totalBytes === undefined || totalBytes <= 0) return undefined;
  return Math.min(1, receivedBytes / totalBytes);
}

/** How it stands in one line without a full stop: `812 MB of 1.9 GB, 12 MB/s, 1 min 30 s left`. */
export function describeDownload(state: DownloadState): string {
  switch (state.phase) {
    case "waiting":
      return state.retryInSeconds === undefined
        ? "waiting"
        : `${interruptionOf(state)} trying again in ${formatSeconds(state.retryInSeconds)}${triesOf(state)}`;
    case "checking":
      return state.tries === undefined
        ? "asking the hub for size and contents"
        : `asking the hub again${triesOf(state)}`;
    case "downloading":
      return [
        amountOf(state),
        ...(state.bytesPerSecond === undefined ? [] : [`${formatBytes(state.bytesPerSecond)}/s`]),
        ...(state.secondsLeft === undefined ? [] : [`${formatSeconds(state.secondsLeft)} left`]),
      ].join(", ");
    case "verifying":
      return `comparing ${formatBytes(state.totalBytes ?? state.receivedBytes)} with the hub's hash`;
    case "paused":
      return `paused at ${amountOf(state)}`;
    case "failed":
      return `stopped at ${amountOf(state)}${codeOf(state)}`;
    case "cancelled":
      return "cancelled";
    case "done":
      return `done, ${formatBytes(state.totalBytes ?? state.receivedBytes)}`;
  }
}

/** Whether it goes on by itself now. */
export function isRunning({ phase }: DownloadState): boolean {
  return (
    phase === "waiting" || phase === "checking" || phase === "downloading" || phase === "verifying"
  );
}

/** Whether there is something to go on with. */
export function isUnfinished(state: DownloadState): boolean {
  return isRunning(state) || state.phase === "paused" || state.phase === "failed";
}

/** What is there, and why no more comes: `The model hub cannot be reached;`. */
function interruptionOf(state: DownloadState): string {
  const { error, totalBytes } = state;
  if (error === undefined) return `${amountOf(state)},`;
  const what = errorTable[error.code].message.replace(/\.$/, ";");
  return totalBytes === undefined ? what : `${amountOf(state)}. ${what}`;
}

function triesOf({ tries }: DownloadState): string {
  return tries === undefined ? "" : ` (${String(tries.next)} of ${String(tries.most)})`;
}

function codeOf({ error }: DownloadState): string {
  return error === undefined ? "" : ` (${error.code})`;
}

function amountOf({ receivedBytes, totalBytes }: DownloadState): string {
  const received = formatBytes(receivedBytes);
  return totalBytes === undefined ? received : `${received} of ${formatBytes(totalBytes)}`;
}

/** `45 s`, `1 min 30 s`, `12 min`, `2 h 5 min`: rougher the longer it is. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 5 && whole % 60 !== 0) return `${String(minutes)} min ${String(whole % 60)} s`;
  if (minutes < 60) return `${String(Math.round(whole / 60))} min`;
  const hours = Math.floor(whole / 3600);
  const rest = Math.round((whole % 3600) / 60);
  return rest === 0 || rest === 60
    ? `${String(rest === 60 ? hours + 1 : hours)} h`
    : `${String(hours)} h ${String(rest)} min`;
}
