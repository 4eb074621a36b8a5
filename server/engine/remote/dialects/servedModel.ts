import { z } from "zod";

const metaSchema = z.object({
  n_vocab: z.number().optional(),
  n_ctx_train: z.number().optional(),
  n_params: z.number().optional(),
  size: z.number().optional(),
  ftype: z.string().optional(),
});

/** One model of `/v1/models`; most servers say no more than its id. */
export const servedModelSchema = z.object({
  id: z.string().min(1),
  aliases: z.array(z.string()).optional().catch(undefined),
  owned_by: z.string().optional().catch(undefined),
  /** vLLM: tokens that one sequence may hold. */
  max_model_len: z.number().int().min(1).optional().catch(undefined),
  /** vLLM: the model that an adapter belongs to. */
  root: z.string().optional().catch(undefined),
  meta: metaSchema.optional().catch(undefined),
});
export type ServedModel = z.infer<typeof servedModelSchema>;
