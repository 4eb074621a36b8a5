import type { Check } from "../check.ts";
import type { ModelHash } from "../../models/store/modelHash.ts";

const sources: Readonly<Record<Extract<ModelHash, { kind: "same" }>["source"], string>> = {
  shipped: "as shipped",
  downloaded: "as downloaded",
  remembered: "as when first looked at",
};

/** Every byte of the model is what it was. */
export const modelHashCheck: Check = {
  name: "modelHash",
  title: "Model contents",
  group: "model",
  why: "A file with a few wrong bytes loads, and makes nonsense.",
  slow: true,
  timeoutMs: 300_000,
  async run({ model }, signal) {
    const hash = await model.hash(signal);
    const short = `SHA-256 ${hash.sha256.slice(0, 16)}…`;
    if (hash.kind === "first") {
      return { status: "ok", message: `${short}, remembered to compare with from now on.` };
    }
    if (hash.kind === "same") {
      return { status: "ok", message: `${short}, ${sources[hash.source]}.` };
    }
    return {
      status: "failed",
      code: "MODEL_DAMAGED",
      message: `${model.path}: ${short}, expected ${hash.expected.slice(0, 16)}….`,
      ...(model.bundled
        ? {
            remedy: "Reinstall the extension, which brings the bundled model.",
            actions: ["report"],
          }
        : {}),
    };
  },
};
