import type { Check } from "../check.ts";

/** The native library loads; tried in a process of its own, which a crash would take down alone. */
export const bindingCheck: Check = {
  name: "binding",
  title: "Native library",
  group: "model",
  why: "It is what runs the model.",
  async run({ probeBinding }) {
    const probe = await probeBinding();
    if (probe.kind === "missing") {
      return { status: "failed", code: "BINDING_MISSING", message: probe.reason };
    }
    const version = probe.version === "" ? "" : ` (llama.cpp ${probe.version})`;
    return { status: "ok", message: `node-llama-cpp loads${version}.` };
  },
};
