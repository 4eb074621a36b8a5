import type { GgufHeader } from "../models/ggufHeader.ts";
import type { RunFile } from "../protocol/host.ts";

/** What a probe of the native library in a process of its own found. */
export type BindingProbe =
  | { readonly kind: "works"; readonly backend: string }
  | { readonly kind: "missing"; readonly reason: string };

/** What the checks look at; injected, so that every finding can be tested. */
export interface DoctorWorld {
  readonly nodeVersion: string;
  /** The home as located; opening it is the check. */
  readonly homePath: string;
  openHome(): Promise<void>;
  readonly modelPath: string;
  readonly contextSize: number;
  readModel(path: string): Promise<GgufHeader>;
  probeBinding(signal: AbortSignal): Promise<BindingProbe>;
  /** The hosts that left a run file. */
  readHosts(): Promise<readonly RunFile[]>;
  isAlive(pid: number): boolean;
  /** Whether something accepts connections at a socket. */
  isListening(socketPath: string): Promise<boolean>;
  freeMemoryBytes(): number;
  totalMemoryBytes(): number;
}
