import { renameSync, existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { modelIdSchema, modelSourceSchema } from "../../protocol/models.ts";
import { withFileLock } from "../../state/fileLock.ts";
import { readJson, writeJson } from "../../state/jsonFile.ts";
import { makeFolder } from "../../state/makeFolder.ts";

/*
 * `models/store.json` of the home: what is known of the files beside it.
 */

/** A name within the folder of models: no path can be made of it. */
const fileNameSchema = z
  .string()
  .max(255)
  // eslint-disable-next-line no-control-regex -- such names are what it keeps out
  .regex(/^(?!\.{1,2}$)[^/\\:\u0000-\u001f]+$/);

const storedFileSchema = z.object({
  name: fileNameSchema,
  sizeBytes: z.number(),
  /** When it was last written, in milliseconds; it never is again. */
  modifiedMs: z.number(),
  sha256: z.string().optional(),
});

const storeRecordSchema = z.object({
  id: modelIdSchema,
  /** Id of its entry in the catalogue; another quantization of that has another id. */
  entry: modelIdSchema,
  name: z.string(),
  /** The parts of a split model in order; the first is the one to load. */
  files: z.array(storedFileSchema).min(1),
  source: modelSourceSchema,
  quantization: z.string().optional(),
  recordedAt: z.string(),
});
export type StoreRecord = z.infer<typeof storeRecordSchema>;

const storeSchema = z.object({
  version: z.literal(1),
  models: z.array(storeRecordSchema),
  /** Licences that the user agreed to. */
  accepted: z
    .array(z.object({ model: modelIdSchema, licence: z.string(), at: z.string() }))
    .default([]),
});
export type Store = z.infer<typeof storeSchema>;

const longest = 4_000_000;

/** Where the models of a home lie. */
export function modelsFolder(homePath: string): string {
  return join(homePath, "models");
}

/** What is known; nothing where the file is missing or damaged: models are listed all the same. */
export function readStore(homePath: string): Store {
  const path = join(modelsFolder(homePath), "store.json");
  return readJson(path, storeSchema, longest) ?? { version: 1, models: [], accepted: [] };
}

/**
 * Changes what is known while no other process does. A damaged file is kept beside the new one.
 * @throws what the system says where it cannot be written
 */
export async function changeStore(
  homePath: string,
  change: (store: Store) => Partial<Store>,
): Promise<void> {
  const folder = modelsFolder(homePath);
  makeFolder(folder);
  const path = join(folder, "store.json");
  await withFileLock(path, () => {
    const known = readJson(path, storeSchema, longest);
    if (known === undefined && existsSync(path)) renameSync(path, `${path}.damaged`);
    const store = known ?? { version: 1, models: [], accepted: [] };
    writeJson(path, { ...store, ...change(store) });
  });
}
