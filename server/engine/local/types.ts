import type { Logger } from "../../logs/logger.ts";
import type { HelloParams, HostConfig, HostLogSettings } from "../../protocol/host.ts";
import type { Clock } from "../clock.ts";
import type { Engine } from "../engine.ts";
import type { HostCalls } from "./hostCalls.ts";
import type { HostProcesses } from "./hostProcess.ts";

export interface LocalEngineOptions {
  /** The home folder; it is created at the first start. */
  readonly homePath: string;
  readonly config: HostConfig;
  /** Who we are, in the host's log. */
  readonly client: Omit<HelloParams["client"], "pid">;
  readonly processes: HostProcesses;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** How the host is to log; its own default, if absent. */
  readonly logging?: HostLogSettings;
}

/** The engine that runs models on this machine, in a host process shared by every window. */
export interface LocalEngine extends Engine, HostCalls {
  /**
   * Changes model or parameters. Where another host is needed, the present one serves until the
   * new one has answered a test completion, and on if it does not: the state then says why. Where
   * memory holds only one, the old makes room, and is loaded again if the new one fails.
   * @param again try the same once more, if it failed
   */
  setConfig(config: HostConfig, again?: boolean): void;
  /** How the host is to log from now on; it does so while no other window wants more. */
  setLogging(settings: HostLogSettings): void;
  /** Whether this window has the focus: the host serves it first, and a model that idled is loaded. */
  setFocused(focused: boolean): void;
}
