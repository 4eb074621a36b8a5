import type { Check } from "../check.ts";

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
      const what = hash.source === "shipped" ? "as shipped" : "as when first looked at";
      return { status: "ok", message: `${short}, ${what}.` };
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
