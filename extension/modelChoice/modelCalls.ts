import { z } from "zod";
import type { EditorFacts } from "../../server/protocol/editorFacts.ts";
import {
  addRecordSchema,
  downloadRecordSchema,
  downloadStateSchema,
  modelListSchema,
  removeRecordSchema,
  useModelRecordSchema,
  verifyRecordSchema,
  type CatalogueEntry,
  type DownloadRecord,
  type DownloadState,
  type ModelList,
  type RemoveRecord,
  type UseModelRecord,
  type VerifyRecord,
} from "../../server/protocol/models.ts";
import type { RunCli } from "../runCli.ts";

/** What to download. */
export interface Wanted {
  readonly id: string;
  readonly name: string;
  readonly quantization?: string;
  /** Though it does not fit. */
  readonly force?: boolean;
}

/**
 * `starcoder models …`, which works while the language server is down. Each call rejects with a
 * `CodedError`.
 */
export interface ModelCalls {
  /** What is on the machine: quick. */
  list(): Promise<ModelList>;
  /** Also what can be had, and how it would run here: may take seconds. */
  listAll(): Promise<ModelList>;
  /**
   * Downloads, or joins who already does; settles when it is there, paused or cancelled. Aborting
   * stops waiting for it.
   */
  download(
    wanted: Wanted,
    onState: (state: DownloadState) => void,
    signal?: AbortSignal,
  ): Promise<DownloadRecord>;
  pause(id: string): Promise<void>;
  /** Gives a download up and deletes what is there of it. */
  cancel(id: string): Promise<void>;
  /** Tries a model, by its id or path, and chooses it for all windows when it works. */
  use(reference: string, signal?: AbortSignal): Promise<UseModelRecord>;
  /** Adds a path, an address or a repository to what can be chosen. */
  add(reference: string): Promise<CatalogueEntry>;
  remove(id: string): Promise<RemoveRecord>;
  /** One model, or all. */
  verify(id: string | undefined, signal?: AbortSignal): Promise<VerifyRecord>;
}

export interface ModelCallsOptions {
  readonly runCli: RunCli;
  readonly facts: () => EditorFacts;
  /** Access token of the model hub. It goes with calls that ask the hub, and no others. */
  readonly hubToken: () => Promise<string | undefined>;
}

export function createModelCalls(options: ModelCallsOptions): ModelCalls {
  const { runCli, facts, hubToken } = options;
  async function factsForHub(): Promise<EditorFacts> {
    const token = await hubToken();
    return { ...facts(), ...(token === undefined ? {} : { hubToken: token }) };
  }
  async function ask(verb: "pause" | "cancel", id: string): Promise<void> {
    await runCli(z.unknown(), { args: ["models", verb, id] });
  }
  function list(...flags: string[]): Promise<ModelList> {
    return runCli(modelListSchema, { args: ["models", "list", ...flags], facts: facts() });
  }
  return {
    list: () => list(),
    listAll: () => list("--all"),
    async download({ id, quantization, force }, onState, signal) {
      const args = [
        ...["models", "download", id, "--accept-licence", "--no-use"],
        ...(quantization === undefined ? [] : ["--quantization", quantization]),
        ...(force === true ? ["--force"] : []),
      ];
      return runCli(downloadRecordSchema, {
        args,
        facts: await factsForHub(),
        onNote: (line) => {
          const state = readState(line);
          if (state !== undefined) onState(state);
        },
        ...(signal === undefined ? {} : { signal }),
      });
    },
    pause: (id) => ask("pause", id),
    cancel: (id) => ask("cancel", id),
    use: (reference, signal) =>
      runCli(useModelRecordSchema, {
        args: ["models", "use", reference],
        facts: facts(),
        ...(signal === undefined ? {} : { signal }),
      }),
    async add(reference) {
      const call = { args: ["models", "add", reference], facts: await factsForHub() };
      return (await runCli(addRecordSchema, call)).entry;
    },
    remove: (id) => runCli(removeRecordSchema, { args: ["models", "remove", id], facts: facts() }),
    verify: (id, signal) =>
      runCli(verifyRecordSchema, {
        args: ["models", "verify", ...(id === undefined ? [] : [id])],
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}

/** Each line of progress is one state; what else the program says is not for here. */
function readState(line: string): DownloadState | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return downloadStateSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
