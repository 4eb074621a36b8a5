import { realpath, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { CodedError } from "../../protocol/errors.ts";
import type { ModelList, StoredModel } from "../../protocol/models.ts";
import { readChosenModel } from "../../state/chosenModel.ts";
import { listDownloads } from "../download/states.ts";
import { resolveModel } from "../modelPath.ts";
import { findCandidates, ownTools, type Candidate, type CandidateSources } from "./candidates.ts";
import { diskUse } from "./diskUse.ts";
import type { ToolWorld } from "./found/foundModel.ts";
import { createHeaders, type Header, type Headers } from "./headers.ts";
import { toModelId } from "./modelId.ts";
import { within } from "./within.ts";

export interface ListOptions {
  readonly homePath: string;
  readonly bundledModelPath: string;
  /** The setting `model.path`; empty where none is configured. */
  readonly configured: string;
  /** Where other tools keep their models: by default as this process sees it; `false`: not looked for. */
  readonly tools?: ToolWorld | false;
}

/**
 * The models of this machine, each once, the active one first: the bundled, downloaded, added and
 * configured ones, with why one cannot be used; and those that other tools downloaded, as far as
 * they can fill in the middle. Never rejects; asks no network; what was listed before is not read
 * again.
 */
export async function listModels(options: ListOptions): Promise<ModelList> {
  const { homePath, tools = ownTools() } = options;
  const sources = { ...options, tools, chosen: readChosenModel(homePath) };
  const [candidates, disk] = await Promise.all([findCandidates(sources), diskUse(homePath)]);
  const active = await activeFile(sources);
  const headers = createHeaders(homePath);
  const models: StoredModel[] = [];
  const seen = new Set<string>();
  for (const candidate of candidates) {
    const names = await identify(candidate.path);
    if (names.some((name) => seen.has(name))) continue;
    const header = await headerOf(candidate, headers);
    // What of other tools cannot be used here is nobody's concern.
    if (candidate.source === "found" && header.error !== undefined) continue;
    for (const name of names) seen.add(name);
    const taken = models.map(({ id }) => id);
    const isActive = names.some((name) => active.includes(name));
    models.push(describe(candidate, toModelId(candidate.id, taken), header, isActive));
  }
  headers.save();
  return {
    models: models.sort((left, right) => rank(left) - rank(right)),
    diskBytes: disk.usedBytes,
    ...(disk.freeBytes === undefined ? {} : { diskFreeBytes: disk.freeBytes }),
    folder: join(homePath, "models"),
    downloads: listDownloads(homePath),
  };
}

/** The active one first, the bundled one last; the others as they came. */
function rank({ active, source }: StoredModel): number {
  return active ? 0 : source === "bundled" ? 2 : 1;
}

/** What names a file: its path, where its links lead, and its place on the disk. */
async function identify(path: string): Promise<string[]> {
  try {
    const look = Promise.all([realpath(path), stat(path, { bigint: true })]);
    const [real, { dev, ino }] = await within(patienceMs, path, look);
    // Some file systems number no files.
    return [path, real, ...(ino === 0n ? [] : [`${String(dev)}:${String(ino)}`])];
  } catch {
    return [path];
  }
}

const patienceMs = 2000;

async function activeFile(sources: CandidateSources): Promise<string[]> {
  const { configured, bundledModelPath, chosen } = sources;
  try {
    const { path } = resolveModel(configured, bundledModelPath, undefined, chosen?.path);
    return await identify(path);
  } catch {
    // Said with the configured one.
    return [configured];
  }
}

async function headerOf({ path, error, record }: Candidate, headers: Headers): Promise<Header> {
  const nothing = { name: "", architecture: "", quantization: "", sizeBytes: 0 };
  if (error !== undefined) return { ...nothing, error };
  const header = await headers.read(path);
  const recorded = record?.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  if (header.error !== undefined || recorded === undefined || recorded === header.sizeBytes) {
    return header;
  }
  const damage = new CodedError("MODEL_DAMAGED", `${path} is of another size than when it came.`);
  return { ...header, error: damage.toData() };
}

function describe(candidate: Candidate, id: string, header: Header, active: boolean): StoredModel {
  const { path, source, tool, record, entry } = candidate;
  const { architecture, sizeBytes, error } = header;
  const sha256 = candidate.sha256 ?? record?.files[0]?.sha256;
  const quantization = record?.quantization ?? header.quantization;
  const licence = entry?.licence;
  return {
    id,
    name: candidate.name ?? (header.name || basename(path)),
    path,
    source,
    active,
    starter: source === "bundled",
    ...(tool === undefined ? {} : { tool }),
    ...(sizeBytes === 0 ? {} : { sizeBytes }),
    ...(architecture === "" ? {} : { architecture }),
    ...(quantization === "" ? {} : { quantization }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(licence === undefined ? {} : { licence }),
    ...(error === undefined ? {} : { error }),
  };
}
