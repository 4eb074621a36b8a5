import type { GgufFile } from "../models/ggufFile.ts";
import type { EditorFacts } from "../protocol/editorFacts.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import type { VisibleGpus } from "../protocol/gpus.ts";
import type { SettingProblem } from "../protocol/parseSettings.ts";
import type { Settings } from "../protocol/settings.ts";
import type { ContainersWorld } from "./containers/docker.ts";
import type { EndpointDescribed, EndpointSeen, RemoteEndpoint } from "./endpoints/endpoint.ts";
import type { HostsSeen } from "./machine/hosts.ts";
import type { ModelHash } from "../models/store/modelHash.ts";
import type { BindingProbe } from "./probeBinding.ts";

/** The processor, as far as the system tells. */
export interface Processor {
  readonly model: string;
  readonly cores: number;
  /** Processes that wanted to run during the last minute, on average; absent on Windows. */
  readonly load?: number;
  /** In lower case; absent where the system does not list them. */
  readonly features?: ReadonlySet<string>;
}

export interface SystemWorld {
  readonly nodeVersion: string;
  readonly platform: string;
  readonly arch: string;
  /** Of the system's kernel. */
  readonly release: string;
  processor(): Promise<Processor>;
  /** What this process may still take; within a container what that may. */
  freeMemoryBytes(): number;
  totalMemoryBytes(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface HomeWorld {
  /** As located; opening it is the check. */
  readonly path: string;
  readonly logs: string;
  readonly models: string;
  /** Creates what is missing. Rejects with `HOME_NOT_WRITABLE`. */
  open(): Promise<void>;
  /** Writes and removes a small file. Rejects with the system's error. */
  tryWriting(folder: string): Promise<void>;
  /** Bytes free for this user on the disk that holds the folder, or where it would lie. */
  freeBytes(folder: string): Promise<number>;
}

export interface ModelWorld {
  readonly path: string;
  readonly bundled: boolean;
  /** Reads what stands before the weights, once. Rejects with a `CodedError`. */
  read(): Promise<GgufFile>;
  /** The family by which it fills in the middle; undefined: it cannot. */
  familyOf(file: GgufFile): string | undefined;
  /** Reads all of the file and compares it with what is known of it. */
  hash(signal: AbortSignal): Promise<ModelHash>;
}

/** What a test request came to. */
export type Trial =
  | {
      readonly kind: "done";
      /** Milliseconds until the model was ready, and of the request itself. */
      readonly startMs: number;
      readonly totalMs: number;
      readonly generatedTokens?: number;
      readonly evaluatedTokens?: number;
      readonly decodeMs?: number;
      /** What came of it, such as the suggestion's first line or the number of findings. */
      readonly outcome: string;
      /** False: the model answered, and nothing could be made of it. */
      readonly useful: boolean;
    }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string };

export interface ProductWorld {
  complete(signal: AbortSignal): Promise<Trial>;
  review(signal: AbortSignal): Promise<Trial>;
}

/** Who uses a port. */
export type PortUse =
  | { readonly kind: "free" }
  | { readonly kind: "used"; readonly pid?: number; readonly program?: string };

export interface PortsWorld {
  /** Ports that a debugger of this or a coming process uses, and which process has it already. */
  readonly inspectors: readonly { readonly port: number; readonly ownPid?: number }[];
  useOf(port: number, signal: AbortSignal): Promise<PortUse>;
}

/** Versions of what works together. */
export interface VersionsWorld {
  /** Of the program that runs the doctor. */
  readonly own: string;
  /** Of the package that lies on the disk; undefined where it cannot be read. */
  installed(): Promise<string | undefined>;
}

/** What the checks look at; injected, so that every finding can be tested. */
export interface DoctorWorld {
  readonly system: SystemWorld;
  readonly home: HomeWorld;
  readonly model: ModelWorld;
  readonly settings: Settings;
  /** What was wrong with the settings as they were given. */
  readonly settingProblems: readonly SettingProblem[];
  /** What only the editor knows; absent where the doctor runs without one. */
  readonly facts?: EditorFacts;
  readonly versions: VersionsWorld;
  /** Loads the native library in a process of its own, once. */
  readonly probeBinding: () => Promise<BindingProbe>;
  /** GPUs as the system shows them, whether a library can use them or not. */
  readonly visibleGpus: () => VisibleGpus;
  /** What the run folder holds, and whether the hosts answer; looked at once. */
  readonly lookAtHosts: () => Promise<HostsSeen>;
  readonly product: ProductWorld;
  readonly ports: PortsWorld;
  readonly containers: ContainersWorld;
  /** The version of git, or why there is none. */
  git(): Promise<{ readonly version: string } | { readonly problem: string }>;
  readonly probeEndpoint: (endpoint: RemoteEndpoint, signal: AbortSignal) => Promise<EndpointSeen>;
  /** What the engine that would use it finds there. */
  readonly describeEndpoint: (
    endpoint: RemoteEndpoint,
    signal: AbortSignal,
  ) => Promise<EndpointDescribed>;
  now(): Date;
}
