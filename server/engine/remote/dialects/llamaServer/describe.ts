import { z } from "zod";
import type { ModelDescription } from "../../../../protocol/host.ts";
import { aboutName } from "../../prompt/modelName.ts";
import type { ServedModel } from "../servedModel.ts";

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
