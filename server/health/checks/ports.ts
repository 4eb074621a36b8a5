import { parseEndpoint } from "../../network/endpointUrl.ts";
import type { Check } from "../check.ts";
import type { DoctorWorld, PortUse } from "../world.ts";

/** Ports on this machine that settings or a debugger name, and who has them. */
export const portsCheck: Check = {
  name: "ports",
  title: "Ports",
  group: "network",
  why: "Two programs cannot listen on one port.",
  async run({ ports, settings }, signal) {
    const wanted = [
      ...ports.inspectors.map(({ port, ownPid }) => ({ port, ownPid, what: "debugger" })),
      ...loopbackPorts(settings).map((port) => ({ port, ownPid: undefined, what: "endpoint" })),
    ];
    if (wanted.length === 0) {
      return { status: "skipped", message: "No port is configured; none is used." };
    }
    const seen = await Promise.all(
      wanted.map(async (one) => ({ ...one, use: await ports.useOf(one.port, signal) })),
    );
    const message = `${seen.map(({ port, what, use }) => `${port} (${what}): ${describe(use)}`).join("; ")}.`;
    const taken = seen.filter(
      ({ what, use, ownPid }) =>
        what === "debugger" && use.kind === "used" && use.pid !== undefined && use.pid !== ownPid,
    );
    if (taken.length > 0) return { status: "failed", code: "PORT_IN_USE", message };
    return { status: "ok", message };
  },
};

function loopbackPorts(settings: DoctorWorld["settings"]): readonly number[] {
  const found = settings["remote.endpoints"].flatMap((entry) => {
    const url = parseEndpoint(entry.url);
    return url?.loopback === true ? url.port : [];
  });
  return [...new Set(found)];
}

function describe(use: PortUse): string {
  if (use.kind === "free") return "nothing listens";
  const { program, pid } = use;
  if (pid === undefined) return "in use by a program that cannot be seen from here";
  return `in use by ${program ?? "a program"}, process ${pid}`;
}
