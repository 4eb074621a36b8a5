import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { toCodedError, type CodedErrorData } from "../../protocol/errors.ts";
import type { CatalogueEntry, ChosenModel, StoredModel } from "../../protocol/models.ts";
import { loadCatalogue } from "../catalogue/catalogue.ts";
import { resolveModel } from "../modelPath.ts";
import { findModels } from "./found/findModels.ts";
import type { ToolWorld } from "./found/foundModel.ts";
import { splitNameOf } from "./splitName.ts";
import { modelsFolder, readStore, type StoreRecord } from "./storeFile.ts";

/** A model that may be listed, before it is known whether its file is there. */
export interface Candidate {
  /** Ids may be alike still. */
  readonly id: string;
  readonly path: string;
  readonly source: StoredModel["source"];
  readonly name?: string;
  readonly tool?: string;
  readonly sha256?: string;
  readonly record?: StoreRecord;
  readonly entry?: CatalogueEntry;
  /** Why there is no file to look at. */
  readonly error?: CodedErrorData;
}

export interface CandidateSources {
  readonly homePath: string;
  readonly bundledModelPath: string;
  /** The setting `model.path`; empty where none is configured. */
  readonly configured: string;
  readonly chosen: ChosenModel | undefined;
  /** Where other tools keep their models; `false`: not looked for. */
  readonly tools: ToolWorld | false;
}

/** All that may be listed; of what names the same file, the first says what it is called. */
export async function findCandidates(sources: CandidateSources): Promise<Candidate[]> {
  const { homePath, bundledModelPath, chosen, tools } = sources;
  const { entries } = loadCatalogue(homePath);
  const bundled = entries.find(({ source }) => source.kind === "bundled");
  const [inHome, found] = await Promise.all([
    filesOf(homePath),
    tools === false ? [] : findModels(tools),
  ]);
  return [
    {
      ...{ id: bundled?.id ?? "bundled", path: bundledModelPath, source: "bundled" },
      ...(bundled === undefined ? {} : { entry: bundled }),
    },
    ...recorded(homePath, entries),
    ...entries.flatMap((entry): Candidate[] =>
      entry.source.kind === "file"
        ? [{ id: entry.id, path: entry.source.path, source: "added", name: entry.name, entry }]
        : [],
    ),
    ...inHome.map((path): Candidate => ({ id: basename(path), path, source: "downloaded" })),
    ...configuredOne(sources),
    ...(chosen === undefined
      ? []
      : [{ id: chosen.id ?? basename(chosen.path), path: chosen.path, source: "added" } as const]),
    ...found.map(({ tool, ...model }): Candidate => ({
      ...model,
      ...{ id: `${tool.id}-${model.name}`, source: "found", tool: tool.name },
    })),
  ];
}

/** This process's own view of where tools keep models. */
export function ownTools(): ToolWorld {
  return { env: process.env, platform: process.platform, userFolder: homedir() };
}

function recorded(homePath: string, entries: readonly CatalogueEntry[]): Candidate[] {
  return readStore(homePath).models.map((record) => {
    const { id, name, files } = record;
    const entry = entries.find((known) => known.id === record.entry);
    const path = join(modelsFolder(homePath), files[0]?.name ?? "");
    const candidate = { id, name, path, source: "downloaded", record } as const;
    return entry === undefined ? candidate : { ...candidate, entry };
  });
}

/** Model files of the home, known or not. */
async function filesOf(homePath: string): Promise<string[]> {
  const folder = modelsFolder(homePath);
  const entries = await readdir(folder).catch(() => []);
  return entries
    .filter((name) => /\.gguf$/i.test(name) && (splitNameOf(name)?.part ?? 1) === 1)
    .map((name) => join(folder, name));
}

function configuredOne({ configured, bundledModelPath }: CandidateSources): Candidate[] {
  if (configured.trim() === "") return [];
  try {
    const { path } = resolveModel(configured, bundledModelPath);
    return [{ id: basename(path), path, source: "configured" }];
  } catch (thrown) {
    const error = toCodedError(thrown).toData();
    return [{ id: "configured", path: configured, source: "configured", error }];
  }
}
