import type { Check } from "../check.ts";

/** The native library loads; tried in a process of its own, which a crash would take down alone. */
export const bindingCheck: Check = {
  name: "binding",
  title: "Native library",
  async run(world, signal) {
    const probe = await world.probeBinding(signal);
    return probe.kind === "works"
      ? { status: "ok", message: `node-llama-cpp loads; ${probe.backend} can be used.` }
      : { status: "failed", code: "BINDING_MISSING", message: probe.reason };
  },
};
