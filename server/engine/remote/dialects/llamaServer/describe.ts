import { z } from "zod";
import type { ModelDescription } from "../../../../protocol/host.ts";
import { aboutName } from "../../prompt/modelName.ts";

/** What `/props` answers, as far as it is needed. */
export const llamaServerPropsSchema = z.object({
  default_generation_settings: z.object({ n_ctx: z.number().int().min(1).optional() }),
  total_slots: z.number().optional(),
  model_path: z.string().optional(),
  model_alias: z.string().optional(),
  model_ftype: z.string().optional(),
  chat_template: z.string().optional(),
});
export type LlamaServerProps = z.infer<typeof llamaServerPropsSchema>;

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

const unknownContext = 4096;

/** What the server says of its model; what it does not say is read from its name. */
export function describeLlamaServer(
  props: LlamaServerProps,
  { id, meta }: ServedModel,
  specialTokens: readonly string[],
): ModelDescription {
  const name =
    (props.model_alias ?? id)
      .split(/[\\/]/)
      .at(-1)
      ?.replace(/\.gguf$/i, "") ?? id;
  const known = aboutName(`${name} ${props.model_path ?? ""}`);
  const contextSize = props.default_generation_settings.n_ctx ?? unknownContext;
  return {
    path: id,
    fileSizeBytes: meta?.size ?? 0,
    architecture: known.architecture,
    name,
    tokenizerPre: "",
    ...(known.isInstruct ? { finetune: "Instruct" } : {}),
    chatTemplate: (props.chat_template ?? "").trim() !== "",
    parameters: meta?.n_params ?? known.parameters,
    quantization: props.model_ftype ?? meta?.ftype ?? known.quantization,
    trainContextSize: meta?.n_ctx_train ?? contextSize,
    contextSize,
    specialTokens: [...specialTokens],
    vocabularySize: meta?.n_vocab ?? 0,
  };
}
