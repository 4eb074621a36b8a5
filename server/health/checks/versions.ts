import type { Check } from "../check.ts";

/** Extension, server, host and package are of one version. */
export const versionsCheck: Check = {
  name: "versions",
  title: "Versions",
  group: "service",
  why: "After an update, older processes may still run.",
  async run({ versions, facts, lookAtHosts }) {
    const { hosts } = await lookAtHosts();
    const own = facts?.extensionVersion ?? versions.own;
    const parts: [string, string | undefined][] = [
      ["extension", facts?.extensionVersion],
      ["command line or server", versions.own],
      ["installed package", await versions.installed()],
      ["language server", facts?.server.version],
      ...hosts.flatMap(({ runFile, answer }): [string, string][] =>
        answer.kind === "answers" ? [[`host ${String(runFile?.pid)}`, answer.version]] : [],
      ),
    ];
    const known = parts.flatMap(([name, version]) =>
      version === undefined ? [] : [{ name, version }],
    );
    const others = known.filter(({ version }) => version !== own);
    if (others.length === 0) {
      return { status: "ok", message: `${own}: ${known.map(({ name }) => name).join(", ")}.` };
    }
    const hostsOnly = others.every(({ name }) => name.startsWith("host "));
    return {
      status: "warning",
      code: "VERSION_MISMATCH",
      message: `${own} is expected; ${others.map(({ name, version }) => `${name} is ${version}`).join(", ")}.`,
      ...(hostsOnly
        ? { remedy: "Restart the service, which starts the host anew.", actions: ["restart"] }
        : {}),
    };
  },
};
