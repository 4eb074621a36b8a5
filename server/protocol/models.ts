import { RequestType } from "vscode-jsonrpc";
import { z } from "zod";
import { codedErrorSchema } from "./errors.ts";
import { backendSchema } from "./host.ts";
import { catalogueEntrySchema, licenceSchema, modelIdSchema } from "./modelCatalogue.ts";
import { downloadStateSchema } from "./modelDownload.ts";
import { machineFactsSchema, modelFitSchema } from "./modelFit.ts";

export * from "./modelCatalogue.ts";
export * from "./modelDownload.ts";
export * from "./modelFit.ts";

/*
 * Models on this machine: what lies on the disk, which one is chosen, and what the command line and
 * the language server say of them.
 */

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
