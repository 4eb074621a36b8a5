import type { Check } from "../check.ts";

/** Hosts that left a run file live and listen; leftovers of dead ones are harmless. */
export const socketCheck: Check = {
  name: "socket",
  title: "Model host",
  async run(world) {
    const hosts = await world.readHosts();
    const living = hosts.filter(({ pid }) => world.isAlive(pid));
    if (living.length === 0) {
      return { status: "ok", message: "No host is running; one starts when needed." };
    }
    for (const { pid, socketPath } of living) {
      if (!(await world.isListening(socketPath))) {
        return {
          status: "failed",
          code: "HOST_HUNG",
          message: `Host ${pid} does not accept connections at ${socketPath}.`,
        };
      }
    }
    const pids = living.map(({ pid }) => pid).join(", ");
    return { status: "ok", message: `${living.length} running (process ${pids}).` };
  },
};
