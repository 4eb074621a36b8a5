import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDismissals } from "../../../server/state/dismissals.ts";
import { createSnapshots } from "../../../server/state/snapshots.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "starcoder-state-"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

describe("dismissed findings", () => {
  it("are kept for the next process, by file name", async () => {
    await createDismissals(home).add("a.ts", ["one", "two"]);
    const next = createDismissals(home);
    expect([...next.of("a.ts")]).toEqual(["one", "two"]);
    expect(next.of("b.ts").size).toBe(0);
    await next.clear();
    expect(createDismissals(home).of("a.ts").size).toBe(0);
  });

  it("are all kept when several servers write at once", async () => {
    const servers = Array.from({ length: 8 }, () => createDismissals(home));
    await Promise.all(servers.map((server, i) => server.add("a.ts", [`f${i}`])));
    const kept = createDismissals(home).of("a.ts");
    expect(servers.map((_, i) => kept.has(`f${i}`))).toEqual(servers.map(() => true));
  });

  it("are in a file of this user alone, and a damaged one is begun anew", async () => {
    const path = join(home, "review", "dismissed.json");
    await createDismissals(home).add("a.ts", ["one"]);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, '{"version":1,"dismissed":[{"fi');
    const next = createDismissals(home);
    expect(next.of("a.ts").size).toBe(0);
    await next.add("a.ts", ["two"]);
    expect([...createDismissals(home).of("a.ts")]).toEqual(["two"]);
  });

  it("hold in this process where the home cannot be written, and it is said", async () => {
    writeFileSync(join(home, "review"), "no folder");
    const dismissals = createDismissals(home);
    await expect(dismissals.add("a.ts", ["one"])).rejects.toMatchObject({
      code: "HOME_NOT_WRITABLE",
    });
    expect(dismissals.of("a.ts").has("one")).toBe(true);
  });
});

describe("snapshots of reviewed documents", () => {
  const snapshot = { lines: [1, 0, 3], looked: [{ start: 0, end: 2 }], score: 9.5 };

  it("are there after a restart, under the document's new name once it was renamed", () => {
    createSnapshots(home).write("file:///a.ts", snapshot);
    const next = createSnapshots(home);
    expect(next.read("file:///a.ts")).toMatchObject(snapshot);
    next.rename("file:///a.ts", "file:///b.ts");
    expect(next.read("file:///a.ts")).toBeUndefined();
    expect(next.read("file:///b.ts")).toMatchObject(snapshot);
    next.rename("file:///never.ts", "file:///b.ts");
    expect(next.read("file:///b.ts")).toMatchObject(snapshot);
  });

  it("are bounded in number: those written longest ago go", () => {
    const folder = join(home, "review", "snapshots");
    for (let i = 0; i < 20; i++) {
      createSnapshots(home, 20).write(`file:///${i}.ts`, snapshot);
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        utimesSync(path, 1, statSync(path).mtimeMs / 1000 - 10);
      }
    }
    createSnapshots(home, 5).write("file:///new.ts", snapshot);
    expect(readdirSync(folder)).toHaveLength(5);
    expect(createSnapshots(home).read("file:///new.ts")).toBeDefined();
    expect(createSnapshots(home).read("file:///0.ts")).toBeUndefined();
  });

  it("are nothing where the file is damaged or the home cannot be written", () => {
    const snapshots = createSnapshots(home);
    snapshots.write("file:///a.ts", snapshot);
    const folder = join(home, "review", "snapshots");
    const path = join(folder, readdirSync(folder)[0] ?? "");
    writeFileSync(path, readFileSync(path, "utf8").slice(0, -4));
    expect(snapshots.read("file:///a.ts")).toBeUndefined();
    rmSync(join(home, "review"), { recursive: true });
    writeFileSync(join(home, "review"), "no folder");
    snapshots.write("file:///a.ts", snapshot);
    expect(snapshots.read("file:///a.ts")).toBeUndefined();
  });
});
