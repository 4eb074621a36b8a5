import type { Product } from "../../compose/compose.ts";
import { addEntry } from "../../models/catalogue/catalogue.ts";
import { entryOf } from "../../models/catalogue/entryOf.ts";
import { createHeaders } from "../../models/store/headers.ts";
import { hubHosts } from "../../network/hub.ts";
import { CodedError } from "../../protocol/errors.ts";
import type { AddRecord, CatalogueEntry } from "../../protocol/models.ts";
import { openHome } from "../../state/home.ts";
import { escapeControls } from "../escapeControls.ts";
import { exitCodes, type CommandOutcome } from "../outcome.ts";
import { openPlace, type ModelFlags } from "./place.ts";

/** `starcoder models add`: a file, an address or a repository to choose from. Asks no network. */
export async function addCommand(
  product: Product,
  reference: string,
  flags: ModelFlags,
): Promise<CommandOutcome> {
  const { homePath } = await openPlace(product, flags);
  const entry = await entryFor(reference, homePath);
  const record: AddRecord = { entry: await addEntry(openHome(homePath).path, entry) };
  return { record, text: describe(record.entry), exitCode: exitCodes.done };
}

/**
 * What the user means, a file only if it can be used.
 * @throws CodedError as `entryOf` does, `MODEL_INVALID`, `MODEL_NOT_FIM`
 */
export async function entryFor(reference: string, homePath: string): Promise<CatalogueEntry> {
  const folder = process.cwd();
  const entry = await entryOf(reference, { hubHosts: hubHosts(process.env), folder });
  if (entry.source.kind !== "file") return entry;
  const headers = createHeaders(homePath);
  const { error, name, quantization } = await headers.read(entry.source.path);
  headers.save();
  if (error !== undefined) throw CodedError.fromData(error);
  const quantizations = quantization === "" ? [] : [{ name: quantization }];
  return { ...entry, ...(name === "" ? {} : { name }), quantizations };
}

function describe({ id, name, source }: CatalogueEntry): string {
  const next =
    source.kind === "file"
      ? `It is used where it lies: starcoder models use ${id}`
      : `It is not downloaded yet: starcoder models download ${id}`;
  return `Added ${escapeControls(name)} as ${id}.\n${next}`;
}
