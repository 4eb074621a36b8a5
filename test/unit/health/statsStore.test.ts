import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCounts, raise } from "../../../server/health/stats/counts.ts";
import { stepMs, type Steps } from "../../../server/health/stats/history.ts";
import { createStatsStore } from "../../../server/health/stats/statsStore.ts";
import { toStats } from "../../../server/health/stats/toStats.ts";
import { withFileLock } from "../../../server/state/fileLock.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

const noon = Date.parse("2026-11-24T12:00:00Z");

/** A home whose servers count requests, at a time of day that the test sets. */
function createHome(folder = join(temporaryFolder(), "home")) {
  const warnings: string[] = [];
  let time = noon;
  return {
    folder,
    path: join(folder, "stats.json"),
    warnings,
    setTime: (next: number) => (time = next),
    /** What one more server does. */
    server() {
      const log = { warn: (message: string) => warnings.push(message) };
      const store = createStatsStore({ homePath: folder, now: () => time, log });
      const count = (requests: number) => {
        const counts = createCounts();
        raise(counts, "requests", requests);
        const steps: Steps = new Map([[Math.floor(time / stepMs) * stepMs, counts]]);
        store.add(steps);
      };
      const requests = () => {
        const { hour, day, total } = toStats(store.read(), time);
        return [hour.requests, day.requests, total.requests];
      };
      return { store, count, requests };
    },
  };
}

describe("the statistics of a home", () => {
  it("are the sum of what several servers count", async () => {
    const home = createHome();
    const [one, other] = [home.server(), home.server()];
    one.count(1);
    other.count(10);
    await Promise.all([one.store.save(), other.store.save()]);
    one.count(100);
    await one.store.save();
    await one.store.save();
    expect(other.requests()).toEqual([111, 111, 111]);
    expect(home.server().requests()).toEqual([111, 111, 111]);
  });

  it("are in a file that only its owner can read, and that has no leftovers beside it", async () => {
    const home = createHome();
    const { store, count } = home.server();
    count(1);
    await store.save();
    expect(statSync(home.path).mode & 0o777).toBe(0o600);
    expect(readdirSync(home.folder)).toEqual(["stats.json"]);
  });

  it("tell the last hour and day apart from all", async () => {
    const home = createHome();
    const { store, count, requests } = home.server();
    count(1);
    home.setTime(noon + 20 * 3_600_000);
    count(10);
    await store.save();
    home.setTime(noon + 20 * 3_600_000 + 1_800_000);
    expect(requests()).toEqual([10, 11, 11]);
    home.setTime(noon + 25 * 3_600_000);
    expect(requests()).toEqual([0, 10, 11]);
    home.setTime(noon + 60 * 3_600_000);
    expect(requests()).toEqual([0, 0, 11]);
  });

  it("neither lose nor double anything when the clock goes back, or ahead and back again", async () => {
    const home = createHome();
    const { store, count, requests } = home.server();
    count(1);
    await store.save();
    home.setTime(noon - 7 * 3_600_000);
    count(10);
    await store.save();
    await store.save();
    expect(requests()).toEqual([11, 11, 11]);
    home.setTime(noon + 10 * 365 * 86_400_000);
    count(100);
    await store.save();
    expect(requests()).toEqual([100, 100, 111]);
    home.setTime(noon);
    count(1000);
    await store.save();
    expect(requests()).toEqual([1100, 1111, 1111]);
  });

  it.each([
    ["not JSON", "{"],
    ["of another form", '{"version":1,"since":0}'],
    ["holding counts that are none", '{"version":1,"since":0,"total":{"numbers":{"shown":-1}}}'],
    ["empty", ""],
  ])("that are %s are set aside, said so, and counted anew", async (_, content) => {
    const home = createHome();
    mkdirSync(home.folder);
    writeFileSync(home.path, content);
    const { store, count, requests } = home.server();
    expect(store.problem).toContain("damaged");
    count(3);
    await store.save();
    expect(requests()).toEqual([3, 3, 3]);
    expect(home.warnings).toEqual(["damaged statistics set aside, counting begins anew"]);
    const aside = readdirSync(home.folder).filter((name) => name !== "stats.json");
    expect(aside).toEqual(["stats.damaged-2026-11-24T12-00-00-000Z.json"]);
    expect(readFileSync(join(home.folder, aside[0] ?? ""), "utf8")).toBe(content);
  });

  it("of another version are left as they are; what is counted stays in memory", async () => {
    const home = createHome();
    mkdirSync(home.folder);
    const content = '{"version":2,"whatever":true}';
    writeFileSync(home.path, content);
    const { store, count, requests } = home.server();
    count(3);
    await store.save();
    count(4);
    await store.save();
    store.saveAtExit();
    expect(readFileSync(home.path, "utf8")).toBe(content);
    expect(requests()).toEqual([7, 7, 7]);
    expect(home.warnings).toEqual(["statistics of another version are left as they are"]);
  });

  it("wait in memory, said once, while the home cannot be written, and are saved when it can", async () => {
    const parent = temporaryFolder();
    writeFileSync(join(parent, "home"), "a file where the folder should be");
    const home = createHome(join(parent, "home", "inside"));
    const { store, count, requests } = home.server();
    count(3);
    await store.save();
    await store.save();
    store.saveAtExit();
    expect(requests()).toEqual([3, 3, 3]);
    expect(home.warnings).toEqual(["statistics are not saved"]);
  });

  it("are saved at the end of a process, too", () => {
    const home = createHome();
    const { store, count } = home.server();
    count(5);
    store.saveAtExit();
    expect(home.server().requests()).toEqual([5, 5, 5]);
    expect(readdirSync(home.folder)).toEqual(["stats.json"]);
  });

  it("are saved at the end of a process that is just saving, and not twice", async () => {
    const home = createHome();
    const { store, count } = home.server();
    count(5);
    const saving = store.save();
    count(1);
    store.saveAtExit();
    expect(home.server().requests()).toEqual([6, 6, 6]);
    await saving;
    expect(home.server().requests()).toEqual([6, 6, 6]);
  });

  it("wait for another server that is writing", async () => {
    const home = createHome();
    const { store, count } = home.server();
    count(5);
    mkdirSync(home.folder);
    let saved = false;
    const saving = await withFileLock(home.path, () => {
      const promise = store.save().then(() => (saved = true));
      expect(saved).toBe(false);
      return { promise };
    });
    await saving.promise;
    expect(home.server().requests()).toEqual([5, 5, 5]);
  });
});
