import type { Backend } from "../protocol/host.ts";
import { nodeLlamaCppVersion, packsFolderOf } from "../state/packsFolder.ts";
import { probeBinding, type BindingProbe } from "./probeBinding.ts";

export interface ProbeMachineOptions {
  /** Folder from which node-llama-cpp is found. */
  readonly productRoot: string;
  readonly homePath: string;
  readonly signal: AbortSignal;
  readonly requested?: Backend;
}

/** A probe that also tells GPUs apart and how fast memory is. */
export type MachineProbed = BindingProbe & {
  /** Of each GPU, in the order of `devices`; absent where there is one, or they were not all seen. */
  readonly deviceMemory?: { readonly totalBytes: number; readonly usedBytes: number }[];
};

/** More are seen in no desktop. */
const mostDevices = 8;
const limitMs = 20_000;

/**
 * What the native library says of this machine. It counts the memory of several GPUs together only,
 * so each is looked at once more by itself, in a process that sees no other. Never rejects.
 */
export async function probeMachine(options: ProbeMachineOptions): Promise<MachineProbed> {
  const { productRoot, homePath, signal, requested = "auto" } = options;
  const version = nodeLlamaCppVersion(productRoot);
  const packs = version === undefined ? undefined : packsFolderOf(homePath, version);
  const all = await probeBinding(productRoot, signal, requested, limitMs, packs, {
    bandwidth: true,
  });
  if (all.kind === "missing" || all.devices.length < 2 || all.devices.length > mostDevices) {
    return all;
  }
  const deviceMemory: { totalBytes: number; usedBytes: number }[] = [];
  for (const [device, name] of all.devices.entries()) {
    const one = await probeBinding(productRoot, signal, all.backend, limitMs, packs, { device });
    // A driver that numbers them otherwise: better no figures than those of another one.
    if (one.kind === "missing" || one.devices.length !== 1 || one.devices[0] !== name) return all;
    deviceMemory.push({ totalBytes: one.totalBytes, usedBytes: one.usedBytes });
  }
  return { ...all, deviceMemory };
}
