import { RequestType } from "vscode-jsonrpc";
import { z } from "zod";
import { codedErrorSchema } from "./errors.ts";
import { kvTypeSchema, backendSchema } from "./host.ts";

/*
 * Models: what there is to choose from, what of it fits this machine, what is being downloaded and
 * what lies on the disk. Figures are bytes, tokens, seconds.
 */

/** An id: what people type and what names files. No path can be made of it. */
export const modelIdSchema = z.string().regex(/^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$/);

export const licenceSchema = z.object({
  /** SPDX id where there is one, such as `Apache-2.0`; else the licence's own, such as `bigcode-openrail-m`. */
  id: z.string(),
  name: z.string(),
  /** The page with its text. */
  url: z.url(),
  /** What it forbids or asks of users, a sentence each; empty for licences without such terms. */
  restrictions: z.array(z.string()),
});
export type Licence = z.infer<typeof licenceSchema>;

/** Where the bytes of a model come from. */
export const modelSourceSchema = z.discriminatedUnion("kind", [
  /** Ships with the product. */
  z.object({ kind: z.literal("bundled") }),
  z.object({
    kind: z.literal("hub"),
    /** Owner and name, such as `someone/model-GGUF`. */
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    /** Branch, tag or commit. */
    revision: z.string().default("main"),
    /**
     * The file's name: `*` stands for any letters but `/`, `{quantization}` for the one chosen.
     * Split files are named by their first part.
     */
    file: z.string(),
  }),
  z.object({ kind: z.literal("url"), url: z.url(), sha256: z.string().optional() }),
  /** A file of the user's, used in place. */
  z.object({ kind: z.literal("file"), path: z.string() }),
]);
export type ModelSource = z.infer<typeof modelSourceSchema>;

/** The shape of a transformer, as far as its memory follows from it. */
export const modelShapeSchema = z.object({
  layers: z.number().int().min(1),
  /** Width of the embedding. */
  width: z.number().int().min(1),
  heads: z.number().int().min(1),
  /** Heads of keys and values; fewer than `heads` with grouped or multi-query attention. */
  kvHeads: z.number().int().min(1),
  vocabulary: z.number().int().min(1),
  /** Values of a head; `width / heads` where absent. */
  headSize: z.number().int().min(1).optional(),
  /** Width between the two halves of a layer's feed-forward network; 4 × width where absent. */
  feedForward: z.number().int().min(1).optional(),
});
export type ModelShape = z.infer<typeof modelShapeSchema>;

/** A published result of filling in the middle. */
export const fimResultSchema = z.object({
  benchmark: z.string(),
  /** Percent. */
  score: z.number(),
  source: z.url(),
});

/** One model to choose, of the catalogue or added by the user. */
export const catalogueEntrySchema = z.object({
  id: modelIdSchema,
  name: z.string(),
  /** The FIM family, as `prompt/families` calls it; absent for entries of users: the file tells. */
  family: z.string().optional(),
  source: modelSourceSchema,
  /** Quantizations offered, the recommended first, with their files' sizes in bytes as far as known. */
  quantizations: z.array(z.object({ name: z.string(), sizeBytes: z.number().optional() })),
  parameters: z.number().optional(),
  /** Tokens it was trained on at once. */
  contextSize: z.number().int().optional(),
  shape: modelShapeSchema.optional(),
  licence: licenceSchema.optional(),
  fim: z.array(fimResultSchema).default([]),
  /** Sentences for people. */
  notes: z.array(z.string()).default([]),
  /** False: never recommended for completion, whatever fits; the notes say why. */
  recommended: z.boolean().default(true),
  /** Order among those that fit: the higher, the better its suggestions. */
  quality: z.number().default(0),
  instruct: z.boolean().default(false),
});
export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;

/** `catalogue.json` of the home: what the user added. */
export const userCatalogueSchema = z.object({
  version: z.literal(1),
  entries: z.array(catalogueEntrySchema),
});

/** A GPU as the backend sees it. */
export const gpuSchema = z.object({
  name: z.string(),
  totalBytes: z.number(),
  freeBytes: z.number(),
  /** Its memory is the system's own. */
  unified: z.boolean().optional(),
});

/** What this machine has. */
export const machineFactsSchema = z.object({
  cpu: z.string(),
  /** Cores that do arithmetic at full speed. */
  cores: z.number().int(),
  totalBytes: z.number(),
  /** What programs can still take, memory limits of containers included. */
  availableBytes: z.number(),
  /** The backend that works best here. */
  backend: backendSchema.exclude(["auto"]),
  /** Why a GPU that is there is not used. */
  fallbackReason: z.string().optional(),
  gpus: z.array(gpuSchema),
  /** Free bytes where models are kept. */
  diskFreeBytes: z.number(),
  /** Bytes a second that the memory of the backend delivers, as measured; absent until it was. */
  memoryBandwidth: z.number().optional(),
});
export type MachineFacts = z.infer<typeof machineFactsSchema>;

/** How a model would run here. */
export const modelFitSchema = z.object({
  /** `fits`; `slow`: it runs, but slower than typing needs; `tooLarge`: it does not run. */
  verdict: z.enum(["fits", "slow", "tooLarge"]),
  weightsBytes: z.number(),
  /** Keys and values of all sequences at `contextSize`. */
  kvBytes: z.number(),
  computeBytes: z.number(),
  /** The largest context that fits, at most what it was trained on and the product uses. */
  contextSize: z.number(),
  layers: z.number(),
  /** Of them on the GPU. */
  gpuLayers: z.number(),
  kvType: kvTypeSchema,
  /** Expected tokens a second; absent where nothing was measured that tells. */
  prefillPerSecond: z.number().optional(),
  decodePerSecond: z.number().optional(),
  /** One sentence with figures. */
  reason: z.string(),
});
export type ModelFit = z.infer<typeof modelFitSchema>;

/** A file that is there, or cannot be used. */
export const storedModelSchema = z.object({
  /** Its entry's id; for models of other tools one made of tool and name. */
  id: modelIdSchema,
  name: z.string(),
  path: z.string(),
  /** `found`: another tool downloaded it, and it is used in place. */
  source: z.enum(["bundled", "configured", "downloaded", "added", "found"]),
  /** The tool that downloaded a found one. */
  tool: z.string().optional(),
  /** Used by windows that configure nothing else, or because it is configured. */
  active: z.boolean(),
  /** A small model to begin with. */
  starter: z.boolean(),
  sizeBytes: z.number().optional(),
  architecture: z.string().optional(),
  quantization: z.string().optional(),
  sha256: z.string().optional(),
  licence: licenceSchema.optional(),
  /** Why it cannot be used. */
  error: codedErrorSchema.optional(),
});
export type StoredModel = z.infer<typeof storedModelSchema>;

/** What is wanted of a download. */
export const downloadRequestSchema = z.object({
  id: modelIdSchema,
  name: z.string(),
  source: modelSourceSchema,
  quantization: z.string().optional(),
  /** Download what cannot fill in the middle or does not fit, too. */
  force: z.boolean().default(false),
});
export type DownloadRequest = z.infer<typeof downloadRequestSchema>;

/**
 * How a download stands; one file per download in the home, written by whoever downloads, read by
 * all. Complete in itself.
 */
export const downloadStateSchema = z.object({
  version: z.literal(1),
  request: downloadRequestSchema,
  phase: z.enum([
    "waiting",
    "checking",
    "downloading",
    "verifying",
    "paused",
    "failed",
    "cancelled",
    "done",
  ]),
  /** Over all files of a split model. */
  totalBytes: z.number().optional(),
  receivedBytes: z.number(),
  /** Over the last seconds. */
  bytesPerSecond: z.number().optional(),
  secondsLeft: z.number().optional(),
  /** With `waiting` before another try: how many seconds. */
  retryInSeconds: z.number().optional(),
  error: codedErrorSchema.optional(),
  /** With `done`: the file to load (the first part of a split model). */
  path: z.string().optional(),
  sha256: z.string().optional(),
  /** The process that downloads. */
  pid: z.number().optional(),
  updatedAt: z.string(),
});
export type DownloadState = z.infer<typeof downloadStateSchema>;

/** `model.json` of the home: the model of all windows that configure none. */
export const chosenModelSchema = z.object({
  version: z.literal(1),
  path: z.string(),
  /** Its id in the store or catalogue, where it has one. */
  id: modelIdSchema.optional(),
});
export type ChosenModel = z.infer<typeof chosenModelSchema>;

/*
 * The documents of `starcoder models … --json`.
 */

/** A model that can be had, with how it would run here. */
export const offeredModelSchema = z.object({
  entry: catalogueEntrySchema,
  /** The quantization recommended here, and its size. */
  quantization: z.string().optional(),
  sizeBytes: z.number().optional(),
  fit: modelFitSchema.optional(),
  /** Whether it is on the disk already. */
  stored: z.boolean(),
  download: downloadStateSchema.optional(),
  /** Its page on the hub, for people. */
  page: z.url().optional(),
  /** The user added it, and can take it away again. */
  added: z.boolean().optional(),
});
export type OfferedModel = z.infer<typeof offeredModelSchema>;

/** `starcoder models list`; with `--catalogue` or `--all` also what can be had. */
export const modelListSchema = z.object({
  models: z.array(storedModelSchema),
  /** Bytes that the models of the home take, unfinished downloads included. */
  diskBytes: z.number(),
  diskFreeBytes: z.number().optional(),
  /** Where downloaded models are kept. */
  folder: z.string().optional(),
  downloads: z.array(downloadStateSchema),
  machine: machineFactsSchema.optional(),
  offered: z.array(offeredModelSchema).optional(),
  /** Id of what suits this machine best, and why. */
  recommendation: z.object({ id: modelIdSchema, reason: z.string() }).optional(),
  /** Why what the user added is not all there. */
  problem: codedErrorSchema.optional(),
});
export type ModelList = z.infer<typeof modelListSchema>;

/** `starcoder models download`. */
export const downloadRecordSchema = z.object({
  model: storedModelSchema.optional(),
  download: downloadStateSchema,
});
export type DownloadRecord = z.infer<typeof downloadRecordSchema>;

/** `starcoder models use`. */
export const useModelRecordSchema = z.object({
  model: storedModelSchema,
  /** What the test completion said, and how long model and suggestion took. */
  trial: z.object({
    text: z.string(),
    backend: backendSchema.exclude(["auto"]),
    fallbackReason: z.string().optional(),
    loadMs: z.number(),
    completionMs: z.number(),
  }),
  /** What was in use before. */
  previous: z.string(),
});
export type UseModelRecord = z.infer<typeof useModelRecordSchema>;

/** `starcoder models verify`. */
export const verifyRecordSchema = z.object({
  ok: z.boolean(),
  models: z.array(
    z.object({
      id: modelIdSchema,
      path: z.string(),
      status: z.enum(["same", "firstSeen", "damaged", "missing"]),
      sha256: z.string().optional(),
      expected: z.string().optional(),
    }),
  ),
});
export type VerifyRecord = z.infer<typeof verifyRecordSchema>;

/** `starcoder models remove` and `add`. */
export const removeRecordSchema = z.object({
  id: modelIdSchema,
  freedBytes: z.number(),
  files: z.array(z.string()),
});
export type RemoveRecord = z.infer<typeof removeRecordSchema>;
export const addRecordSchema = z.object({ entry: catalogueEntrySchema });
export type AddRecord = z.infer<typeof addRecordSchema>;

/*
 * Requests to the language server, for editors without the command line. Progress comes as
 * `$/progress`, to every window, whoever downloads.
 */

export const modelsParamsSchema = z.object({
  /** Also what can be had, and how it would run here, which takes seconds. */
  offered: z.boolean().default(false),
});
/** Client → server: what is there and what can be had. */
export const modelsRequest = new RequestType<
  z.input<typeof modelsParamsSchema> | undefined,
  ModelList,
  void
>("starcoder/models");
export const downloadParamsSchema = z.object({
  id: modelIdSchema,
  quantization: z.string().optional(),
  /** Access token of the hub, where the model asks for one. Kept in no file. */
  token: z.string().optional(),
  /** The user agreed to the licence's terms; asked for once a model. */
  acceptLicence: z.boolean().optional(),
});
export type DownloadParams = z.input<typeof downloadParamsSchema>;
/** Client → server: download an entry of the catalogue; answers when it is there or has failed. */
export const downloadModelRequest = new RequestType<DownloadParams, DownloadRecord, void>(
  "starcoder/models/download",
);
