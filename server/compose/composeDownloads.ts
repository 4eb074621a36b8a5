import { join } from "node:path";
import { loadCatalogue } from "../models/catalogue/catalogue.ts";
import { askDownload } from "../models/download/askDownload.ts";
import { downloadModel } from "../models/download/download.ts";
import { listDownloads, resumableDownloads, watchDownloads } from "../models/download/states.ts";
import { acceptLicence, isLicenceAccepted } from "../models/store/store.ts";
import { CodedError } from "../protocol/errors.ts";
import type {
  CatalogueEntry,
  DownloadParams,
  DownloadRequest,
  DownloadState,
} from "../protocol/models.ts";

export interface DownloadParts {
  readonly homePath: string;
  readonly productRoot: string;
  /** Of one download at once. */
  readonly connections: () => number;
}

/** The downloads of a home, whoever downloads: bytes, hashes and waiting are in other processes. */
export interface Downloads {
  /** Those that run, wait or have stopped before their end. */
  list(): DownloadState[];
  /** Calls back with all of them whenever one changes. Returns what ends it. */
  watch(listener: (states: readonly DownloadState[]) => void): () => void;
  /** Asks for a pause; what arrived is kept. */
  pause(id: string): Promise<void>;
  /**
   * Goes on with those that nobody works on although they should run: after a crash or a restart.
   * Without a token but those of the environment; what fails says so in its state. Returns how many.
   */
  resume(): number;
  /**
   * Downloads an entry of the catalogue, or joins who does; settles when it is there or paused.
   * @throws CodedError why not
   */
  download(params: DownloadParams, signal: AbortSignal): Promise<DownloadState>;
}

export function createDownloads({ homePath, productRoot, connections }: DownloadParts): Downloads {
  function run(
    request: DownloadRequest,
    signal: AbortSignal,
    token?: string,
  ): Promise<DownloadState> {
    return downloadModel({
      ...{ homePath, request, signal, token, connections: connections() },
      script: join(productRoot, "dist", "download.mjs"),
      onState: () => undefined,
    });
  }

  return {
    list: () => listDownloads(homePath),
    watch: (listener) => watchDownloads(homePath, listener),
    async pause(id) {
      await askDownload(homePath, id, "pause");
    },
    resume() {
      const left = resumableDownloads(homePath);
      for (const { request } of left) {
        // Its state says what became of it, in every window and on the command line.
        run(request, new AbortController().signal).catch(() => undefined);
      }
      return left.length;
    },
    async download({ id, quantization, token, acceptLicence: accepted }, signal) {
      const entry = loadCatalogue(homePath).entries.find((known) => known.id === id);
      if (entry === undefined) throw new CodedError("MODEL_UNKNOWN", id);
      if (entry.source.kind === "file" || entry.source.kind === "bundled") {
        throw new CodedError("VALIDATION_ERROR", `${entry.name} is on this machine already.`);
      }
      await checkLicence(homePath, entry, accepted === true);
      const chosen = quantization ?? entry.quantizations[0]?.name;
      const request: DownloadRequest = {
        ...{ id, name: entry.name, source: entry.source, force: false },
        ...(chosen === undefined ? {} : { quantization: chosen }),
      };
      return await run(request, signal, token);
    },
  };
}

async function checkLicence(
  homePath: string,
  { id, name, licence }: CatalogueEntry,
  accepted: boolean,
): Promise<void> {
  if (licence === undefined || licence.restrictions.length === 0) return;
  if (isLicenceAccepted(homePath, id, licence.id)) return;
  if (!accepted) {
    const terms = licence.restrictions.join(" ");
    const detail = `${name} is under ${licence.name} (${licence.url}): ${terms}`;
    throw new CodedError("LICENCE_NOT_ACCEPTED", detail);
  }
  await acceptLicence(homePath, id, licence.id);
}
