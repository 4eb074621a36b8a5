import { join } from "node:path";
import type { Clock } from "../engine/clock.ts";
import { loadCatalogue } from "../models/catalogue/catalogue.ts";
import { askDownload } from "../models/download/askDownload.ts";
import { downloadModel } from "../models/download/download.ts";
import { quantizationFor } from "../models/fit/quantizationFor.ts";
import { readSpeeds } from "../models/fit/speeds.ts";
import { listDownloads, resumableDownloads, watchDownloads } from "../models/download/states.ts";
import { licenceNotAccepted, licenceToAccept } from "../models/store/licenceTerms.ts";
import { acceptLicence } from "../models/store/store.ts";
import { CodedError } from "../protocol/errors.ts";
import type {
  DownloadParams,
  DownloadRequest,
  DownloadState,
  MachineFacts,
} from "../protocol/models.ts";
import type { Settings } from "../protocol/settings.ts";
import { machineHere } from "./composeModels.ts";

export interface DownloadParts {
  readonly homePath: string;
  readonly productRoot: string;
  readonly settings: () => Settings;
  readonly clock: Pick<Clock, "after">;
  /** Uniform in [0, 1). */
  readonly random: () => number;
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
   * Without a token but those of the environment; what fails says so in its state. Returns how many
   * there are; another window may be quicker.
   */
  resume(): number;
  /**
   * Downloads an entry of the catalogue, or joins who does; settles when it is there or paused.
   * @throws CodedError why not
   */
  download(params: DownloadParams, signal: AbortSignal): Promise<DownloadState>;
}

/** Windows that open together look again at different moments: one of them goes on with a download. */
const resumeWithinMs = 3000;

export function createDownloads(parts: DownloadParts): Downloads {
  const { homePath, productRoot, settings } = parts;

  function run(
    request: DownloadRequest,
    signal: AbortSignal,
    more: { readonly token?: string | undefined; readonly machine?: MachineFacts } = {},
  ): Promise<DownloadState> {
    return downloadModel({
      ...{ homePath, request, signal, ...more },
      connections: settings()["download.connections"],
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
      const left = resumableDownloads(homePath).length;
      if (left === 0) return 0;
      parts.clock.after(parts.random() * resumeWithinMs, () => {
        for (const { request } of resumableDownloads(homePath)) {
          // Its state says what became of it, in every window and on the command line.
          run(request, new AbortController().signal).catch(() => undefined);
        }
      });
      return left;
    },
    async download({ id, quantization, token, acceptLicence: accepted }, signal) {
      const entry = loadCatalogue(homePath).entries.find((known) => known.id === id);
      if (entry === undefined) throw new CodedError("MODEL_UNKNOWN", id);
      if (entry.source.kind === "file" || entry.source.kind === "bundled") {
        throw new CodedError("VALIDATION_ERROR", `${entry.name} is on this machine already.`);
      }
      const licence = licenceToAccept(homePath, entry);
      if (licence !== undefined) {
        if (accepted !== true) throw licenceNotAccepted(entry.name, licence);
        await acceptLicence(homePath, id, licence.id);
      }
      const machine = await machineHere({ homePath, productRoot, settings: settings() });
      const chosen = quantizationFor(entry, quantization, machine, {
        speeds: readSpeeds(homePath),
        contextSize: settings()["model.contextSize"],
      });
      const request: DownloadRequest = {
        ...{ id, name: entry.name, source: entry.source, force: false },
        ...(chosen === undefined ? {} : { quantization: chosen }),
      };
      return await run(request, signal, { token, machine });
    },
  };
}
