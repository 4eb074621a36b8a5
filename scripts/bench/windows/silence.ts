import { setTimeout as delay } from "node:timers/promises";
import { hostsOf } from "../../stopHosts.ts";
import { processorMs, residentMiB } from "./processFigures.ts";
import { openTypingWindow } from "./typing.ts";

/**
 * Share of a core that silent windows and their host use: in the first minute after the last key, in
 * which V8 collects what typing left, and in the minute after that.
 */
export async function measureSilence(
  home: string,
  print: (line: string) => void,
  seconds = 60,
): Promise<void> {
  const windows = await Promise.all(
    ["a", "b", "c"].map((name, index) => openTypingWindow(home, name, index)),
  );
  await Promise.all(windows.map((window) => window.type(5)));
  await delay(5000);
  const hosts = await hostsOf(home);
  const servers = windows.map(({ server }) => server.pid);
  for (const when of ["first minute after the last key", "minute after that"]) {
    const before = new Map([...servers, ...hosts].map((pid) => [pid, processorMs(pid)]));
    await delay(seconds * 1000);
    const share = (pid: number): string => {
      const used = processorMs(pid) - (before.get(pid) ?? 0);
      return `${((100 * used) / (seconds * 1000)).toFixed(3)}%`;
    };
    print(
      `  ${windows.length} silent windows, the ${when}: servers ${servers.map(share).join(", ")}; ` +
        `host ${hosts.map(share).join(", ")} of a core (bar: 0.1%)`,
    );
  }
  await Promise.all(windows.map(({ server }) => server.stop()));
}

/** The host behind one server and behind many, and after the model was unloaded. */
export async function measureSharedMemory(
  home: string,
  print: (line: string) => void,
  count = 20,
): Promise<void> {
  const settings = { host: { unloadAfter: 20 } };
  const first = await openTypingWindow(home, "a", 0, settings);
  await first.type(5);
  const [pid = 0] = await hostsOf(home);
  const alone = residentMiB(pid);
  const windows = [first];
  while (windows.length < count) {
    windows.push(await openTypingWindow(home, `w${windows.length}`, windows.length, settings));
  }
  const hosts = await hostsOf(home);
  const together = residentMiB(hosts[0] ?? 0);
  const servers = windows.map(({ server }) => residentMiB(server.pid));
  print(
    `  ${count} servers: ${hosts.length} host (bar: 1), ${together.toFixed(0)} MiB, ` +
      `${(together / alone).toFixed(2)} of ${alone.toFixed(0)} MiB with one (bar: 1.1); ` +
      `a server ${(servers.reduce((sum, size) => sum + size, 0) / count).toFixed(0)} MiB`,
  );
  await delay(25_000);
  print(`  the host with its model unloaded: ${residentMiB(pid).toFixed(0)} MiB`);
  await Promise.all(windows.map(({ server }) => server.stop()));
}
