import { dirname } from "node:path";
import type { Product } from "../../compose/compose.ts";
import { verifyModels, type Verified } from "../../models/store/verifyModels.ts";
import { verifyRecordSchema, type StoredModel } from "../../protocol/models.ts";
import { escapeControls } from "../escapeControls.ts";
import { exitCodes, Interrupted, type CommandOutcome } from "../outcome.ts";
import { storedOrFile, unknownModel } from "./findStored.ts";
import { openPlace, type ModelFlags } from "./place.ts";

/** `starcoder models verify`: every byte of one model, or of all but those of other tools. */
export async function verifyCommand(
  product: Product,
  reference: string | undefined,
  flags: ModelFlags,
  { note, signal }: { readonly note: (line: string) => void; readonly signal: AbortSignal },
): Promise<CommandOutcome> {
  const place = await openPlace(product, flags);
  const { models } = await place.list();
  const verified = await verifyModels({
    homePath: place.homePath,
    bundledFolder: dirname(place.bundledModelPath),
    models: await chooseModels(models, reference, place.homePath),
    note: (path) => note(`verifying ${escapeControls(path)}`),
    signal,
  });
  if (signal.aborted) throw new Interrupted();
  const ok = verified.every(({ error }) => error === undefined);
  return {
    record: verifyRecordSchema.parse({ ok, models: verified }),
    text: verified.map(describe).join("\n"),
    exitCode: ok ? exitCodes.done : exitCodes.findings,
  };
}

async function chooseModels(
  models: readonly StoredModel[],
  reference: string | undefined,
  homePath: string,
): Promise<readonly StoredModel[]> {
  if (reference === undefined) return models.filter(({ source }) => source !== "found");
  const model = await storedOrFile(models, reference, homePath);
  if (model === undefined)
    throw unknownModel(
      reference,
      models.map(({ id }) => id),
    );
  return [model];
}

function describe({ id, path, status, sha256, error }: Verified): string {
  const hash = sha256 === undefined ? "" : `, SHA-256 ${sha256.slice(0, 16)}…`;
  const said = {
    same: `as it was${hash}`,
    firstSeen: `remembered to compare with from now on${hash}`,
    damaged: "damaged",
    missing: "missing",
  }[status];
  return [
    `${id}: ${said}`,
    `    ${escapeControls(path)}`,
    ...(error === undefined ? [] : [`    ${error.code}: ${escapeControls(error.message)}`]),
  ].join("\n");
}
