import type { Product } from "../../compose/compose.ts";
import { askDownload } from "../../models/download/askDownload.ts";
import { listDownloads } from "../../models/download/states.ts";
import { describeDownload, isUnfinished } from "../../protocol/downloadText.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { DownloadRecord, DownloadState } from "../../protocol/models.ts";
import { escapeControls } from "../escapeControls.ts";
import { exitCodes, type CommandOutcome } from "../outcome.ts";
import { openPlace, type ModelFlags } from "./place.ts";

/** `starcoder models pause` and `cancel`: of a download, whoever runs it. */
export async function controlCommand(
  product: Product,
  verb: "pause" | "cancel",
  id: string,
  flags: ModelFlags,
): Promise<CommandOutcome> {
  const { homePath } = await openPlace(product, flags);
  const before = findDownload(homePath, id);
  const download = (await askDownload(homePath, id, verb)) ?? before;
  const record: DownloadRecord = { download };
  const text = `${escapeControls(download.request.name)}: ${describeDownload(download)}.`;
  return { record, text, exitCode: exitCodes.done };
}

/** @throws CodedError `MODEL_UNKNOWN` where nothing of this id is left to go on with */
export function findDownload(homePath: string, id: string): DownloadState {
  const unfinished = listDownloads(homePath).filter(isUnfinished);
  const found = unfinished.find(({ request }) => request.id === id);
  if (found !== undefined) return found;
  const ids = unfinished.map(({ request }) => request.id);
  const left = ids.length === 0 ? "No download is" : `Only ${ids.join(", ")} is`;
  throw new CodedError("MODEL_UNKNOWN", `“${id}” is not being downloaded. ${left} unfinished.`);
}
