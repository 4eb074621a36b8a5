import {
  debugModeRequest,
  debugModeResultSchema,
  type DebugModeResult,
} from "../server/protocol/repair.ts";
import type { ServerState } from "./supervise.ts";

export interface DebugModeOptions {
  readonly supervisor: {
    readonly running: { request(method: string, params: unknown): Promise<unknown> } | undefined;
    onState(listener: (state: ServerState) => void): () => void;
  };
  /** Called when it begins and when it ends. */
  readonly onChange: (on: boolean) => void;
  /** A server that was started anew has begun it again. */
  readonly onResult: (result: DebugModeResult) => void;
  readonly onError: (error: unknown) => void;
}

/** Everything logged, requests traced. Lives with the window, across restarts of the server. */
export interface DebugMode {
  readonly on: boolean;
  /**
   * Begins it, or begins it anew with or without inspector ports. Undefined: no server runs, the
   * next one begins with it. Rejects with what the server says.
   */
  begin(inspector: boolean): Promise<DebugModeResult | undefined>;
  end(): Promise<void>;
  dispose(): void;
}

export function createDebugMode(options: DebugModeOptions): DebugMode {
  const { supervisor } = options;
  let wanted: { readonly inspector: boolean } | undefined;

  async function tell(on: boolean, inspector: boolean): Promise<DebugModeResult | undefined> {
    const answer = await supervisor.running?.request(debugModeRequest.method, { on, inspector });
    return answer === undefined ? undefined : debugModeResultSchema.parse(answer);
  }

  function become(next: typeof wanted): void {
    const was = wanted !== undefined;
    wanted = next;
    if (was !== (next !== undefined)) options.onChange(next !== undefined);
  }

  const stop = supervisor.onState(({ kind }) => {
    if (kind !== "running" || wanted === undefined) return;
    tell(true, wanted.inspector).then((result) => {
      if (result !== undefined) options.onResult(result);
    }, options.onError);
  });

  return {
    get on() {
      return wanted !== undefined;
    },
    async begin(inspector) {
      become({ inspector });
      return tell(true, inspector);
    },
    async end() {
      become(undefined);
      await tell(false, false);
    },
    dispose: stop,
  };
}
