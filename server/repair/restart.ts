import type { Clock } from "../engine/clock.ts";
import type { HostProcesses } from "../engine/local/hostProcess.ts";
import type { RepairRecord, Service } from "../protocol/repair.ts";
import { listServers } from "../state/serverFiles.ts";
import { endHosts } from "./endHosts.ts";
import { restartServers } from "./restartServers.ts";
import { createSteps, type StepOutcome } from "./step.ts";

export interface RestartOptions {
  readonly homePath: string;
  readonly processes: Pick<HostProcesses, "isHost" | "end">;
  readonly clock: Pick<Clock, "now">;
  readonly note: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Ends the services of a home from outside. What uses a host starts a new one by itself, and an
 * editor starts its server anew. That nothing runs is no failure. Never rejects.
 */
export async function restart(service: Service, options: RestartOptions): Promise<RepairRecord> {
  const { homePath, clock, note, signal } = options;
  const steps = createSteps(clock, note, signal);
  if (service !== "server") {
    await steps.run("host", "End the model host", () => endHostsStep(options));
  }
  if (service !== "host") {
    await steps.run("server", "Restart the language servers", () => restartServersStep(homePath));
  }
  return steps.record;
}

/** Ends the hosts and says what came of it. */
export async function endHostsStep(
  options: Pick<RestartOptions, "homePath" | "processes">,
): Promise<StepOutcome> {
  const { ended, left } = await endHosts(options.homePath, options.processes);
  if (left.length > 0) {
    const message = `Not ended: ${list(left)}. Ended: ${ended.length > 0 ? list(ended) : "none"}.`;
    return { status: "failed", message, code: "HOST_HUNG" };
  }
  if (ended.length === 0) return "No model host was running.";
  const next =
    listServers(options.homePath).length > 0
      ? "Open windows start a new one."
      : "The next request starts a new one.";
  return `Ended ${list(ended)}. ${next}`;
}

/** Has the servers started anew and says what came of it. */
export async function restartServersStep(homePath: string): Promise<StepOutcome> {
  const { ended, left } = await restartServers(homePath);
  if (left.length > 0) {
    const message = `Not ended: ${list(left)}. Ended: ${ended.length > 0 ? list(ended) : "none"}.`;
    return { status: "failed", message, code: "SERVER_DIED" };
  }
  if (ended.length === 0) return "No language server was running.";
  return `Ended ${list(ended)}; their editors start them anew.`;
}

function list(processes: readonly { readonly pid: number }[]): string {
  const pids = processes.map(({ pid }) => String(pid)).join(", ");
  return processes.length === 1 ? `process ${pids}` : `processes ${pids}`;
}
