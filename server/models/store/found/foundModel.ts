/** A model file that another tool downloaded; it is used where it lies. */
export interface FoundModel {
  readonly path: string;
  /** As the tool calls it. */
  readonly name: string;
  /** Where the tool says so. */
  readonly sha256?: string;
}

/** What decides where other tools keep their models; the process's own, but in tests. */
export interface ToolWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly userFolder: string;
}

/** A tool that downloads models, and how to find them. One file each. */
export interface ModelTool {
  /** For ids, such as `lm-studio`. */
  readonly id: string;
  readonly name: string;
  /** Yields what is there; what cannot be read is left out. Ends soon after `signal` is aborted. */
  find(world: ToolWorld, signal: AbortSignal): AsyncIterable<FoundModel>;
}
