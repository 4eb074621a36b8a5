import { z } from "zod";
import { editorFactsSchema } from "../../protocol/editorFacts.ts";
import { downloadRequestSchema, machineFactsSchema } from "../../protocol/models.ts";

/** What a download process is told, on standard input: a token stands in no file and no argument. */
export const downloadJobSchema = z.object({
  homePath: z.string(),
  request: downloadRequestSchema,
  token: z.string().optional(),
  network: editorFactsSchema.shape.network,
  connections: z.number().int().min(1).max(16),
  /** Absent: whether the model fits is not asked. */
  machine: machineFactsSchema.optional(),
});
export type DownloadJob = z.input<typeof downloadJobSchema>;
