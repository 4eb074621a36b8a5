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
  async run({ settings, probeBinding }) {
    const probe = await probeBinding();
    if (probe.kind === "missing") {
      return { status: "skipped", message: "Not known: the native library cannot be loaded." };
    }
    const { backend: requested } = settings;
    const { backend, devices, totalBytes, usedBytes, fallbackReason } = probe;
    if (backend === "cpu") {
      const message = `${requested} was asked for, the CPU is used: ${(fallbackReason ?? "it is not available").replace(/\.$/, "")}.`;
      return requested === "auto" || requested === "cpu"
        ? { status: "ok", message: "The processor only; no GPU that can be used was found." }
        : { status: "warning", code: "BACKEND_UNAVAILABLE", message };
    }
    const free = `${formatBytes(totalBytes - usedBytes)} of ${formatBytes(totalBytes)} free`;
    return { status: "ok", message: `${backend}: ${listOf(devices)}, ${free}.` };
  },
};
