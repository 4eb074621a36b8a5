import {
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { clearCaches } from "../../../server/repair/clearCaches.ts";
import { endHosts, findHosts } from "../../../server/repair/endHosts.ts";
import { whileIdle } from "../../../server/repair/whileIdle.ts";
import { openHome } from "../../../server/state/home.ts";
import { writeRunFile } from "../../../server/state/runFile.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

const key = "a7bc3b2496df082d";
const otherKey = "0123456789abcdef";

/** A home with the run files of these hosts, and processes of which some live. */
function homeWith(hosts: Readonly<Record<string, number>>, living: readonly number[]) {
  const home = openHome(join(temporaryFolder(), "home")).path;
  for (const [hostKey, pid] of Object.entries(hosts)) {
    writeRunFile(join(home, "run", `${hostKey}.json`), {
      protocolVersion: 2,
      pid,
      token: "t",
      socketPath: "s",
      hostVersion: "1",
      startedAt: "2026-01-01T00:00:00.000Z",
    });
  }
  const alive = new Set(living);
  const processes = {
    isHost: (pid: number) => alive.has(pid),
    end(pid: number) {
      alive.delete(pid);
      return Promise.resolve();
    },
  };
  return { home, processes };
}

describe("the hosts of a home", () => {
  it("are ended, and files of those that had to be killed are taken away", async () => {
    const { home, processes } = homeWith({ [key]: 1, [otherKey]: 2 }, [1]);
    expect(findHosts(home, processes)).toEqual([{ pid: 1, key }]);
    expect(await endHosts(home, processes)).toEqual({ ended: [{ pid: 1, key }], left: [] });
    expect(existsSync(join(home, "run", `${key}.json`))).toBe(false);
  });

  it("that do not end are named", async () => {
    const { home, processes } = homeWith({ [key]: 1 }, [1]);
    const stubborn = { ...processes, end: () => Promise.resolve() };
    expect(await endHosts(home, stubborn)).toEqual({ ended: [], left: [{ pid: 1, key }] });
    expect(existsSync(join(home, "run", `${key}.json`))).toBe(true);
  });

  it("are none where there is no home", async () => {
    const { processes } = homeWith({}, []);
    const none = join(temporaryFolder(), "none");
    expect(await endHosts(none, processes)).toEqual({ ended: [], left: [] });
  });

  it("are not started anew while something is done that they must not see", async () => {
    const { home, processes } = homeWith({ [key]: 1 }, [1]);
    const lock = join(home, "run", `${key}.lock`);
    const seen = await whileIdle(home, processes, () =>
      Promise.resolve({ locked: existsSync(lock), hosts: findHosts(home, processes) }),
    );
    expect(seen).toEqual({ locked: true, hosts: [] });
    expect(existsSync(lock)).toBe(false);
  });

  it("can be started again when that failed", async () => {
    const { home, processes } = homeWith({ [key]: 1 }, [1]);
    const failing = whileIdle(home, processes, () => Promise.reject(new Error("failed")));
    await expect(failing).rejects.toThrow("failed");
    expect(existsSync(join(home, "run", `${key}.lock`))).toBe(false);
  });
});

describe("clearing caches and leftovers", () => {
  const now = Date.now();

  function put(path: string, ageMs: number): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "x");
    utimesSync(path, (now - ageMs) / 1000, (now - ageMs) / 1000);
    return path;
  }

  it("takes what dead processes left, and nothing of living ones or of this moment", () => {
    const { home, processes } = homeWith({ [key]: 1 }, [1]);
    const run = join(home, "run");
    put(join(run, `${key}.sock`), 3_600_000);
    for (const name of [`${otherKey}.sock`, `${otherKey}.json`, `${otherKey}.lock`, ".probe-1"]) {
      put(join(run, name), 3_600_000);
    }
    put(join(run, "fedcba9876543210.lock"), 100);
    put(join(run, "mine.txt"), 3_600_000);
    put(join(home, "cache", "index", "part"), 0);
    expect(clearCaches({ homePath: home, processes, all: false, now })).toContain("Deleted 5");
    expect(readdirSync(run).sort()).toEqual(
      [`${key}.json`, `${key}.sock`, "fedcba9876543210.lock", "mine.txt"].sort(),
    );
    expect(readdirSync(join(home, "cache"))).toEqual([]);
  });

  it("keeps what was reviewed unless all is to go", () => {
    const { home, processes } = homeWith({}, []);
    const snapshot = put(join(home, "review", "snapshots", "1.json"), 0);
    clearCaches({ homePath: home, processes, all: false, now });
    expect(existsSync(snapshot)).toBe(true);
    clearCaches({ homePath: home, processes, all: true, now });
    expect(existsSync(snapshot)).toBe(false);
  });

  it.skipIf(process.platform === "win32")("follows no link out of the home", () => {
    const { home, processes } = homeWith({}, []);
    const precious = put(join(temporaryFolder(), "precious", "file"), 0);
    symlinkSync(dirname(precious), join(home, "cache"));
    clearCaches({ homePath: home, processes, all: true, now });
    expect(existsSync(precious)).toBe(true);
  });

  it("are left in a folder that became a home by mistake", () => {
    const { home: user, processes } = homeWith({}, []);
    mkdirSync(join(user, "cache", "mine"), { recursive: true });
    const clear = () =>
      clearCaches({ homePath: user, processes, all: true, now: Date.now(), userFolder: user });
    expect(clear).toThrow(/Nothing was deleted/);
    expect(existsSync(join(user, "cache", "mine"))).toBe(true);
  });
});
