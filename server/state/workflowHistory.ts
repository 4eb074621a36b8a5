import { readFile, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CodedError } from "../protocol/errors.ts";
import {
  keptWorkflowSchema,
  type KeptWorkflow,
  type WorkflowSummary,
} from "../protocol/workflow.ts";
import { writeJson } from "./jsonFile.ts";
import { makeFolder } from "./makeFolder.ts";
import { writeFailure } from "./writeFailure.ts";

/** Results of workflows, one file each in the home; several programs add to it. */
export interface WorkflowHistory {
  /**
   * Settles when it is on disk; the oldest go then. A result with very much text loses its versions
   * but the best.
   * Rejects with `HOME_NOT_WRITABLE` or `DISK_FULL`, with `VALIDATION_ERROR` for an id that is none.
   */
  add(kept: KeptWorkflow): Promise<void>;
  /** The newest first. Damaged files are passed over. */
  list(): Promise<readonly WorkflowSummary[]>;
  /** Undefined where there is none of this id, or its file is damaged. */
  read(requestId: string): Promise<KeptWorkflow | undefined>;
}

/** Bytes; a longer file is read as none. */
export const longestWorkflow = 8_000_000;
/** What is kept: so many, and together so many bytes, which a backup can hold. */
export const workflowLimits = { files: 200, bytes: 24_000_000 } as const;

/** The folder of the home, and the names of its files. */
export const workflowsFolder = "workflows";
export const workflowFileName = /^[\w-]{1,100}\.json$/;

export const workflowFileSchema = keptWorkflowSchema.extend({ version: z.literal(1) });

/** A file of the folder; without a summary it is damaged. */
interface Entry {
  readonly path: string;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly createdAt: string;
  readonly summary?: WorkflowSummary;
}

/** Creates the view of the folder `workflows` in a home. Nothing is written before a result is added. */
export function createWorkflowHistory(
  homePath: string,
  limits: { readonly files: number; readonly bytes: number } = workflowLimits,
): WorkflowHistory {
  const folder = join(homePath, workflowsFolder);
  // Results never change: a file that is as it was is not read again.
  let known = new Map<string, Entry>();

  function pathOf(requestId: string): string | undefined {
    const name = `${requestId}.json`;
    return workflowFileName.test(name) ? join(folder, name) : undefined;
  }

  async function entries(): Promise<readonly Entry[]> {
    const names = await readdir(folder).catch(() => []);
    const found = new Map<string, Entry>();
    for (const name of names.filter((each) => workflowFileName.test(each))) {
      const entry = await look(join(folder, name), known.get(name));
      if (entry !== undefined) found.set(name, entry);
    }
    known = found;
    return [...found.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  async function prune(): Promise<void> {
    let files = 0;
    let bytes = 0;
    for (const entry of await entries()) {
      files += 1;
      bytes += entry.bytes;
      const isTooMuch = files > limits.files || bytes > limits.bytes;
      if (isTooMuch && files > 1) await rm(entry.path, { force: true }).catch(() => undefined);
    }
  }

  return {
    async add(kept) {
      const path = pathOf(kept.result.requestId);
      if (path === undefined) {
        throw new CodedError("VALIDATION_ERROR", `${kept.result.requestId} is no request id.`);
      }
      try {
        makeFolder(folder);
        writeJson(path, { version: 1, ...slim(kept) });
      } catch (thrown) {
        throw writeFailure(path, thrown);
      }
      await prune();
    },
    async list() {
      return (await entries()).flatMap(({ summary }) => (summary === undefined ? [] : [summary]));
    },
    async read(requestId) {
      const path = pathOf(requestId);
      return path === undefined ? undefined : load(path);
    },
  };
}

async function look(path: string, before: Entry | undefined): Promise<Entry | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (status?.isFile() !== true) return undefined;
  const { size: bytes, mtimeMs: modifiedMs, mtime } = status;
  if (before?.bytes === bytes && before.modifiedMs === modifiedMs) return before;
  const kept = await load(path);
  const facts = { path, bytes, modifiedMs };
  if (kept === undefined) return { ...facts, createdAt: mtime.toISOString() };
  const summary = summaryOf(kept);
  return { ...facts, createdAt: summary.createdAt, summary };
}

async function load(path: string): Promise<KeptWorkflow | undefined> {
  try {
    if ((await stat(path)).size > longestWorkflow) return undefined;
    const parsed = workflowFileSchema.safeParse(JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? keptWorkflowSchema.parse(parsed.data) : undefined;
  } catch {
    return undefined;
  }
}

/** One result as a list shows it. */
export function summaryOf({ result, uri }: KeptWorkflow): WorkflowSummary {
  const { requestId, createdAt, task, language, path, score, end, model, rounds } = result;
  return {
    ...{ requestId, createdAt, task, language, end, model, rounds: rounds.length },
    ...(path === undefined ? {} : { path }),
    ...(score === undefined ? {} : { score }),
    ...(uri === undefined ? {} : { uri }),
  };
}

/** So much of a result that its file can be read again. */
function slim(kept: KeptWorkflow): KeptWorkflow {
  const { result } = kept;
  const best = result.rounds[result.best];
  if (best === undefined || Buffer.byteLength(JSON.stringify(kept)) < longestWorkflow) return kept;
  return { ...kept, result: { ...result, rounds: [best], best: 0 } };
}
