import type { ModelDescription } from "../../../protocol/host.ts";
import { aboutName } from "../prompt/modelName.ts";
import type { ServedModel } from "./servedModel.ts";

/** Where a server does not tell: what every model of code holds. */
const unknownContext = 4096;

/** What is known of a model whose server tells little more than its name. */
export function describeByName(
  { id, root, max_model_len: contextSize = unknownContext }: ServedModel,
  specialTokens: readonly string[],
): ModelDescription {
  // A server may be told to call its model as it likes; then it still tells where it has it from.
  const known = aboutName(`${root ?? ""} ${id}`);
  return {
    path: root ?? id,
    fileSizeBytes: 0,
    architecture: known.architecture,
    name: id,
    tokenizerPre: "",
    ...(known.isInstruct ? { finetune: "Instruct" } : {}),
    parameters: known.parameters,
    quantization: known.quantization,
    trainContextSize: contextSize,
    contextSize,
    specialTokens: [...specialTokens],
    vocabularySize: 0,
  };
}
