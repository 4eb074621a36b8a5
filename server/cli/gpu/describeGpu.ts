import { formatBytes } from "../../protocol/figures.ts";
import type { GpuRecord, Pack } from "../../protocol/gpus.ts";

/** A record of GPUs for people. */
export function describeGpu(record: GpuRecord): string {
  const { machine, packs, recommendation, installed, removed } = record;
  const said: string[] = [];
  if (installed !== undefined) {
    const { name, backend, devices, trial, already } = installed;
    const ms = `loaded in ${String(trial.loadMs)} ms, answered in ${String(trial.completionMs)} ms`;
    said.push(
      `${name} ${already ? "was installed already" : "is installed"}: ${backend} on ${devices.join(", ")}, ${ms}.`,
      "Open windows use it after StarCoder: Restart (starcoder restart host).",
    );
  }
  if (removed !== undefined) {
    said.push(`${removed.name} was removed: ${formatBytes(removed.freedBytes)} freed.`);
  }
  said.push(`In use: ${machine.backend}.${machine.backend === "cpu" ? " No GPU is used." : ""}`);
  if (machine.fallbackReason !== undefined) said.push(machine.fallbackReason);
  said.push(...(record.lacking ?? []));
  for (const { name, freeBytes, totalBytes } of machine.gpus) {
    said.push(`  ${name}: ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free`);
  }
  said.push("Libraries:", ...packs.map(describePack));
  if (recommendation !== undefined) {
    const { name, reason } = recommendation;
    said.push(`Recommended: ${name}. ${reason}`, "  starcoder gpu install");
  }
  return said.join("\n");
}

function describePack({ name, backend, status, sizeBytes }: Pack): string {
  const size = sizeBytes === undefined ? "" : `  ${formatBytes(sizeBytes)}`;
  return `  ${name.padEnd(18)} ${backend.padEnd(6)}  ${status}${size}`;
}
