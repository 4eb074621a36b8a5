import type { Check, Finding } from "../check.ts";
import type { HostSeen, HostsSeen } from "../machine/hosts.ts";
import { listOf } from "./listOf.ts";

/** A launch lock that was not touched for so long is left over; servers take it over after two seconds. */
const staleSeconds = 10;

/** The hosts that left a run file live, answer and belong to this user; no lock is left over. */
export const hostCheck: Check = {
  name: "host",
  title: "Model host, sockets and locks",
  group: "service",
  why: "All windows share the host that the run folder names.",
  async run({ lookAtHosts }) {
    const seen = await lookAtHosts();
    const faults = [...seen.hosts.flatMap(faultOf), ...lockFaults(seen)];
    const worst = faults.find(({ status }) => status === "failed") ?? faults[0];
    if (worst !== undefined) return worst;
    const pids = seen.hosts.map(({ runFile }) => String(runFile?.pid));
    if (pids.length === 0) {
      return { status: "ok", message: "No host is running; one starts when needed." };
    }
    return {
      status: "ok",
      message: `${pids.length} running and answering (process ${listOf(pids)}).`,
    };
  },
};

function faultOf(host: HostSeen): Finding | readonly [] {
  const { path, runFile, alive, answer } = host;
  if (!host.own) {
    const message = `${path} belongs to another user.`;
    return {
      status: "failed",
      code: "HOST_AUTH",
      message,
      remedy: "Remove the file, or set STARCODER_HOME to a folder of your own.",
    };
  }
  if (runFile === undefined) {
    return { status: "warning", code: "HOST_DIED", message: `${path} is damaged.` };
  }
  const { pid, socketPath } = runFile;
  if (answer.kind === "unusable") {
    const { code, message } = answer.error;
    return { status: "failed", code, message: `Process ${pid}: ${message}` };
  }
  if (answer.kind === "absent") {
    if (!alive) {
      const message = `Host ${pid} ended without clearing up; a new one starts when needed.`;
      return { status: "warning", code: "HOST_DIED", message };
    }
    const message = `Process ${pid} does not accept connections at ${socketPath}.`;
    return { status: "failed", code: "HOST_HUNG", message };
  }
  if (!host.private) {
    const message = `Other users can read ${path}, which holds the host's token.`;
    return {
      status: "warning",
      code: "HOST_AUTH",
      message,
      remedy: "Restart the service, which writes the file anew for you alone.",
    };
  }
  return [];
}

function lockFaults({ locks }: HostsSeen): readonly Finding[] {
  return locks
    .filter(({ own, ageSeconds }) => !own || ageSeconds > staleSeconds)
    .map(({ path, own, ageSeconds }) =>
      own
        ? {
            status: "warning",
            code: "LOCK_HELD",
            message: `${path} was last touched ${Math.round(ageSeconds)} s ago; its holder is gone.`,
          }
        : {
            status: "failed",
            code: "LOCK_HELD",
            message: `${path} belongs to another user.`,
            remedy: "Remove it, or set STARCODER_HOME to a folder of your own.",
          },
    );
}
