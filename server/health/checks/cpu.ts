import type { Check } from "../check.ts";

/** Above so many waiting processes for each core, typing feels it. */
const busy = 1.5;

/** What the processor can do, and whether it has time. */
export const cpuCheck: Check = {
  name: "cpu",
  title: "Processor",
  group: "machine",
  why: "Without a GPU its vector instructions and free cores decide how fast suggestions come.",
  async run({ system }) {
    const { model, cores, load, features } = await system.processor();
    const loadText = load === undefined ? "" : `, load ${load.toFixed(1)}`;
    const known = ["avx2", "avx512f", "f16c", "fma"].filter((name) => features?.has(name));
    const featureText = known.length === 0 ? "" : `, ${known.join(" ")}`;
    const seen = `${model}, ${cores} ${cores === 1 ? "core" : "cores"}${loadText}${featureText}.`;
    if (system.arch === "x64" && features !== undefined && !hasAvx2(features)) {
      return {
        status: "warning",
        code: "PLATFORM_UNSUPPORTED",
        message: `${seen} It has no AVX2: the model runs, several times slower.`,
        remedy: "Use the bundled or another small model, a GPU, or a newer machine.",
      };
    }
    if (load !== undefined && load > cores * busy) {
      return {
        status: "warning",
        message: `${seen} More wants to run than there are cores: suggestions come late.`,
        remedy: "End what keeps the processor busy, or lower starcoder.threads.",
        actions: ["openSettings"],
      };
    }
    return { status: "ok", message: seen };
  },
};

/** macOS lists it with a suffix on some versions. */
function hasAvx2(features: ReadonlySet<string>): boolean {
  return features.has("avx2") || features.has("avx2.0");
}
