import { cpus, totalmem } from "node:os";
import type { ModelDescription } from "../../server/protocol/host.ts";

/** `AMD EPYC …, 2 cores, 8.0 GB, linux x64, Node 20.20.2`: the line every benchmark starts with. */
export function machineLine(): string {
  const cores = cpus();
  const name = cores[0]?.model.trim().replace(/\s+/g, " ") ?? "unknown processor";
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  const platform = `${process.platform} ${process.arch}`;
  return `${name}, ${cores.length} cores, ${memory} GB, ${platform}, Node ${process.versions.node}`;
}

/** `Qwen2.5 Coder 0.5B (qwen2, 494M parameters, Q8_0, 507 MB), context 1024, cpu`. */
export function modelLine(model: ModelDescription, backend: string): string {
  const parameters = `${(model.parameters / 1e6).toPrecision(3)}M parameters`;
  const size = `${Math.round(model.fileSizeBytes / 1e6)} MB`;
  const facts = [model.architecture, parameters, model.quantization, size].join(", ");
  return `${model.name} (${facts}), context ${model.contextSize}, ${backend}`;
}
