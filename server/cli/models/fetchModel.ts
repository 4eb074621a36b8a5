import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Product } from "../../compose/compose.ts";
import { downloadModel } from "../../models/download/download.ts";
import { verifyModelHash } from "../../models/store/modelHash.ts";
import { readStore } from "../../models/store/storeFile.ts";
import { describeDownload } from "../../protocol/downloadText.ts";
import type {
  DownloadRecord,
  DownloadRequest,
  DownloadState,
  MachineFacts,
  StoredModel,
} from "../../protocol/models.ts";
import { escapeControls } from "../escapeControls.ts";
import { exitCodes, Interrupted, type CommandOutcome } from "../outcome.ts";
import type { ModelFlags, ModelPlace } from "./place.ts";
import { createProgressLines } from "./progressLines.ts";
import { describeUse, notesOf, useModel } from "./use.ts";

export interface FetchFlags extends ModelFlags {
  /** False with `--no-use`. */
  readonly use?: boolean;
}

export interface Surroundings {
  readonly note: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Downloads a model, or joins who does, and then tries and uses it.
 * @param machine refuses what does not run there, save with `--force`
 * @throws CodedError why it could not be downloaded or used; Interrupted at Ctrl-C, with what is there
 * kept
 */
export async function fetchModel(
  product: Product,
  place: ModelPlace,
  request: DownloadRequest,
  flags: FetchFlags,
  { note, signal, machine }: Surroundings & { readonly machine?: MachineFacts },
): Promise<CommandOutcome> {
  const download = (await alreadyThere(place, request, { note, signal })) ?? (await run());
  if (download.phase !== "done") return unfinished(download);
  const model = (await place.list()).models.find(({ path }) => path === download.path);
  const record: DownloadRecord = { download, ...(model === undefined ? {} : { model }) };
  const text = `${escapeControls(request.name)}: ${describeDownload(download)}.`;
  if (flags.use === false || model === undefined) {
    return { record, text, exitCode: exitCodes.done };
  }
  note(`Trying ${escapeControls(model.name)} …`);
  const used = await useModel(product, place, model, signal);
  return {
    record: { ...record, model: used.model },
    text: `${text}\n${describeUse(used)}`,
    notes: notesOf(product),
    exitCode: exitCodes.done,
  };

  async function run(): Promise<DownloadState> {
    const { network, hubToken } = place.facts ?? {};
    const progress = createProgressLines({
      kind: flags.facts !== undefined ? "state" : process.stderr.isTTY ? "rewritten" : "lines",
      write: (text) => void process.stderr.write(text),
      now: () => product.clock.now(),
      width: () => process.stderr.columns || 80,
    });
    try {
      return await downloadModel({
        ...{ homePath: place.homePath, request, signal },
        script: join(product.productRoot, "dist", "download.mjs"),
        connections: product.settings["download.connections"],
        onState: (state) => progress.show(state),
        ...(hubToken === undefined ? {} : { token: hubToken }),
        ...(network === undefined ? {} : { network }),
        ...(machine === undefined ? {} : { machine }),
      });
    } finally {
      progress.end();
      if (signal.aborted) note(`What is there is kept: starcoder models resume ${request.id}`);
    }
  }

  function unfinished(state: DownloadState): CommandOutcome {
    if (signal.aborted) throw new Interrupted();
    const next = state.phase === "paused" ? `\nstarcoder models resume ${request.id} goes on.` : "";
    return {
      record: { download: state } satisfies DownloadRecord,
      text: `${escapeControls(request.name)}: ${describeDownload(state)}.${next}`,
      // There is no model: what a script does next must not go on as if there were.
      exitCode: exitCodes.findings,
    };
  }
}

/** As a download that is done, where the model is there and whole. A damaged one makes room. */
async function alreadyThere(
  { homePath, bundledModelPath, list }: ModelPlace,
  request: DownloadRequest,
  { note, signal }: Surroundings,
): Promise<DownloadState | undefined> {
  const { quantization } = request;
  const record = readStore(homePath).models.find(
    (known) =>
      known.entry === request.id &&
      (quantization === undefined || known.quantization === quantization),
  );
  if (record === undefined) return undefined;
  const { models } = await list();
  const model = models.find((known) => known.id === record.id && known.source === "downloaded");
  if (model === undefined || model.error !== undefined) return undefined;
  const { path } = model;
  note(`${escapeControls(model.name)} is there already; verifying it …`);
  const bundledFolder = dirname(bundledModelPath);
  const hash = await verifyModelHash({ path, homePath, bundledFolder, signal }).catch(
    (thrown: unknown) => {
      throw signal.aborted ? new Interrupted() : thrown;
    },
  );
  if (hash.kind !== "other") return asDone(request, model);
  note("It is damaged, and is downloaded anew.");
  // A host that has it loaded keeps what it has.
  rmSync(path, { force: true });
  return undefined;
}

function asDone(request: DownloadRequest, model: StoredModel): DownloadState {
  const { path, sha256, sizeBytes = 0 } = model;
  return {
    ...{ version: 1, request, phase: "done", path },
    ...{ totalBytes: sizeBytes, receivedBytes: sizeBytes },
    ...(sha256 === undefined ? {} : { sha256 }),
    updatedAt: new Date().toISOString(),
  };
}
