/** How a run of Docker's command line ended. */
export type DockerRan =
  | { readonly kind: "done"; readonly output: string }
  /** What it wrote to its error stream. */
  | { readonly kind: "exit"; readonly error: string }
  /** There is no such program. */
  | { readonly kind: "missing" }
  | { readonly kind: "timeout" };

/** A file or folder that a container mounts, as this machine has it. */
export type FolderSeen =
  | { readonly kind: "there"; readonly uid: number; readonly gid: number; readonly mode: number }
  | { readonly kind: "missing" }
  /** It may not be looked at from here. */
  | { readonly kind: "unknown" };

/** Docker, where it is installed. */
export interface ContainersWorld {
  /** Runs Docker's command line with a limit of its own of two seconds. Never rejects. */
  docker(args: readonly string[], signal: AbortSignal): Promise<DockerRan>;
  /** Never rejects. */
  look(path: string): Promise<FolderSeen>;
}
