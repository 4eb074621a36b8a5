import type { Check } from "../check.ts";
import { formatBytes } from "../../protocol/figures.ts";
import { listOf } from "./listOf.ts";

/** The GPU as the backend sees it, and why it is not used where it was asked for. */
export const gpuCheck: Check = {
  name: "gpu",
  title: "GPU",
  group: "machine",
  why: "A GPU makes suggestions many times faster; with the CPU they still come.",
  // The probe of the native library has a limit of its own, which is lower.
  timeoutMs: 25_000,
  async run({ settings, probeBinding, visibleGpus }) {
    const probe = await probeBinding();
    if (probe.kind === "missing") {
      return { status: "skipped", message: "Not known: the native library cannot be loaded." };
    }
    const { backend: requested } = settings;
    const { backend, devices, totalBytes, usedBytes, fallbackReason } = probe;
    if (backend === "cpu") {
      const why = (fallbackReason ?? "it is not available").replace(/\.$/, "");
      const actions = ["installGpuSupport", "openSettings"] as const;
      if (requested !== "auto" && requested !== "cpu") {
        const message = `${requested} was asked for, the CPU is used: ${why}.`;
        return { status: "warning", code: "BACKEND_UNAVAILABLE", message, actions };
      }
      const unused = visibleGpus().gpus[0];
      if (unused === undefined) {
        return { status: "ok", message: "The processor only; no GPU that can be used was found." };
      }
      if (requested === "cpu") {
        const message = `${unused.name} is there; the CPU is used, as starcoder.backend says.`;
        return { status: "ok", message };
      }
      return {
        status: "warning",
        code: "BACKEND_UNAVAILABLE",
        message: `The CPU is used. ${fallbackReason ?? `${unused.name} is not used`}`.replace(
          /\.?$/,
          ".",
        ),
        remedy:
          "Install GPU support, or set starcoder.backend to cpu where the CPU is what you want.",
        actions,
      };
    }
    const free = `${formatBytes(totalBytes - usedBytes)} of ${formatBytes(totalBytes)} free`;
    return { status: "ok", message: `${backend}: ${listOf(devices)}, ${free}.` };
  },
};
