import { rmSync } from "node:fs";
import { makeFolder } from "../../state/makeFolder.ts";
import { takeHold } from "../../state/soleHolder.ts";
import type { DownloadRequest, DownloadState } from "../../protocol/models.ts";
import { watchFolder } from "./folderChanges.ts";
import { removeParts } from "./partFile.ts";
import { placesOf } from "./places.ts";
import { isDownloading, readState, writeState, writeWanted, type Wanted } from "./states.ts";
import { without } from "./without.ts";

/** Milliseconds that a download has to do as asked. */
const answerMs = 10_000;

/**
 * Asks something of a download, whoever downloads, and waits until it is so. To resume one is to
 * want it: `downloadModel` with its request goes on.
 * @returns how it stands then; undefined where there is no such download
 * @throws CodedError `DOWNLOAD_UNSAFE` for what is no id; what the system says where nothing can be
 * written
 */
export async function askDownload(
  homePath: string,
  id: string,
  action: "pause" | "resume" | "cancel",
): Promise<DownloadState | undefined> {
  const places = placesOf(homePath, id);
  const known = readState(places);
  if (known === undefined && !isDownloading(places)) return undefined;
  makeFolder(places.folder);
  const wanted = action === "resume" ? "run" : action;
  writeWanted(places, wanted);
  if (wanted === "run") return known;
  const changes = watchFolder(places.folder);
  try {
    const until = Date.now() + answerMs;
    for (;;) {
      const state = readState(places);
      if (
        state?.phase === "done" ||
        state?.phase === (wanted === "pause" ? "paused" : "cancelled")
      ) {
        return state;
      }
      if (!isDownloading(places, state)) {
        const end = await settleIdle(homePath, (state ?? known)?.request, wanted);
        if (end !== undefined) return end;
      }
      if (Date.now() > until) return state;
      await changes.next(250);
    }
  } finally {
    changes.close();
  }
}

/**
 * Pauses or cancels a download that no process works on.
 * @returns how it stands then; undefined where a process has begun to work on it
 */
export async function settleIdle(
  homePath: string,
  request: DownloadRequest | undefined,
  wanted: Exclude<Wanted, "run">,
): Promise<DownloadState | undefined> {
  if (request === undefined) return undefined;
  const places = placesOf(homePath, request.id);
  const hold = await takeHold(places.lock, { abandoned: true, onLost: () => undefined });
  if (hold === undefined) return undefined;
  try {
    const updatedAt = new Date().toISOString();
    const known = readState(places) ?? {
      ...{ version: 1, request, phase: "waiting", receivedBytes: 0, updatedAt },
    };
    // A process that was killed leaves it.
    rmSync(places.room, { force: true });
    if (known.phase === "done") return known;
    const rest = without(
      known,
      ...(["pid", "error", "bytesPerSecond", "secondsLeft", "retryInSeconds", "tries"] as const),
    );
    if (wanted === "cancel") removeParts(places);
    const state: DownloadState = {
      ...{ ...rest, updatedAt },
      ...(wanted === "cancel"
        ? { phase: "cancelled", receivedBytes: 0 }
        : { phase: "paused", receivedBytes: known.receivedBytes }),
    };
    writeState(places, state);
    return state;
  } finally {
    await hold.release();
  }
}
