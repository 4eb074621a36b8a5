import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  downloadStateSchema,
  type DownloadRequest,
  type DownloadState,
} from "../../protocol/models.ts";
import type { EditorFacts } from "../../protocol/editorFacts.ts";
import { CodedError } from "../../protocol/errors.ts";
import { readJson } from "../../state/jsonFile.ts";

/** How the downloads of a home stand. */
export function listDownloads(homePath: string): DownloadState[] {
  const folder = join(homePath, "models", "downloads");
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".state.json"))
      .flatMap((name) => readJson(join(folder, name), downloadStateSchema, 256 * 1024) ?? []);
  } catch {
    return [];
  }
}

export interface DownloadOptions {
  readonly homePath: string;
  readonly script: string;
  readonly request: DownloadRequest;
  readonly token?: string;
  readonly network?: EditorFacts["network"];
  readonly connections: number;
  readonly signal: AbortSignal;
  readonly onState: (state: DownloadState) => void;
}

export function downloadModel(options: DownloadOptions): Promise<DownloadState> {
  return Promise.reject(new CodedError("HUB_FAILED", options.request.id));
}

export function askDownload(_homePath: string, id: string, wanted: string): Promise<void> {
  return Promise.reject(new CodedError("HUB_FAILED", `${id} ${wanted}`));
}
