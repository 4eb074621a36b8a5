import type { Check } from "../check.ts";

/** The native library loads; tried in a process of its own, which a crash would take down alone. */
export const bindingCheck: Check = {
  name: "binding",
  title: "Native library",
  group: "model",
  why: "It is what runs the model.",
  // The probe of the native library has a limit of its own, which is lower.
  timeoutMs: 25_000,
  async run({ probeBinding }) {
    const probe = await probeBinding();
    if (probe.kind === "missing") {
      const code = probe.hung === true ? "TIMEOUT_ERROR" : "BINDING_MISSING";
      return { status: "failed", code, message: probe.reason };
    }
    const version = probe.version === "" ? "" : ` (llama.cpp ${probe.version})`;
    return { status: "ok", message: `node-llama-cpp loads${version}.` };
  },
};
