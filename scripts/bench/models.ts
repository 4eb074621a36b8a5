import { existsSync } from "node:fs";
import { resolve } from "node:path";

/** The model in the package. */
export const bundledModelPath = resolve(
  import.meta.dirname,
  "../../media/models/starcoder-tiny.gguf",
);

/** The larger model to measure beside it: `STARCODER_BENCH_MODEL`, where that file exists. */
export function benchModelPath(): string | undefined {
  const path = process.env["STARCODER_BENCH_MODEL"];
  return path !== undefined && existsSync(path) ? resolve(path) : undefined;
}
