import type { Check } from "../check.ts";
import { formatBytes, formatCount } from "../../protocol/figures.ts";

/** The model file is whole and can fill in the middle, by all that stands before its weights. */
export const modelCheck: Check = {
  name: "model",
  title: "Model file",
  group: "model",
  why: "Suggestions and reviews come from it.",
  async run({ model }) {
    const file = await model.read();
    const { path } = model;
    if (file.tensors === 0) {
      return { status: "failed", code: "MODEL_INVALID", message: `${path} has no weights.` };
    }
    if (file.endOfWeights > file.sizeBytes) {
      const [is, should] = [file.sizeBytes, file.endOfWeights].map(formatBytes);
      return {
        status: "failed",
        code: "MODEL_INVALID",
        message: `${path} is truncated: ${is} of at least ${should} are there.`,
      };
    }
    const family = model.familyOf(file);
    const traits = [
      file.name,
      file.architecture,
      `${formatCount(file.parameters)} parameters`,
      file.quantization,
      formatBytes(file.sizeBytes),
      `${file.trainContextSize} tokens of context`,
    ].filter((trait) => trait !== "");
    const seen = `${path}: ${traits.join(", ")}`;
    if (family === undefined) {
      return {
        status: "failed",
        code: "MODEL_NOT_FIM",
        message: `${seen}. Its vocabulary of ${file.vocabularySize} tokens has none for filling in the middle.`,
      };
    }
    return { status: "ok", message: `${seen}, fills in the middle as ${family}.` };
  },
};
