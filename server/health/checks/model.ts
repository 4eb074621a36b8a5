import type { Check } from "../check.ts";

/** The model file is there and is GGUF; whether its weights are whole, only loading tells. */
export const modelCheck: Check = {
  name: "model",
  title: "Model file",
  async run(world) {
    const { modelPath } = world;
    const header = await world.readModel(modelPath);
    if (header.tensors === 0) {
      return { status: "failed", code: "MODEL_INVALID", message: `${modelPath} has no weights.` };
    }
    const megabytes = (header.sizeBytes / 1_000_000).toFixed(1);
    const what = [header.name, header.architecture].filter((text) => text !== undefined);
    return { status: "ok", message: `${modelPath} (${[...what, `${megabytes} MB`].join(", ")}).` };
  },
};
