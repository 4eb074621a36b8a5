import { z } from "zod";

/*
 * Models to choose from: names, sources, licences and shapes.
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
