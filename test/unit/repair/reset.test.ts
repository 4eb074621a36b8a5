import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, parse } from "node:path";
import { describe, expect, it } from "vitest";
import { resetRecordSchema } from "../../../server/protocol/repair.ts";
import { readBackup } from "../../../server/repair/readBackup.ts";
import { reset, type ResetOptions } from "../../../server/repair/reset.ts";
import { planReset } from "../../../server/repair/resetPlan.ts";
import { registerServer } from "../../../server/state/serverFiles.ts";
import { writeRunFile } from "../../../server/state/runFile.ts";
import { codedErrorOf } from "../../support/codedErrorOf.ts";
import { contentOf } from "../../support/homeContent.ts";
import { temporaryFolder } from "../../support/localEngine.ts";
import { createCounts } from "../../../server/health/stats/counts.ts";

const nothingElse = { backups: false, models: false };
const stats = JSON.stringify({ version: 1, since: 0, total: createCounts(), steps: [] });

function write(path: string, content = "x"): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** A home with one of everything, and what the user put there. */
function fullHome() {
  const folder = temporaryFolder();
  const home = join(folder, "home");
  const put = (name: string, content?: string) => write(join(home, name), content);
  put("logs/server-1.jsonl", "12345");
  put("logs/host-a7bc3b2496df082d.log");
  put("logs/notes.txt");
  put("run/a7bc3b2496df082d.sock");
  put("review/dismissed.json", JSON.stringify({ version: 1, dismissed: [] }));
  put("review/snapshots/1.json");
  put("stats.json", stats);
  put("stats.damaged-2026.json");
  put("state/modelHashes.json");
  put("cache/index/part.bin");
  put("backups/starcoder-2026.zip");
  put("models/big.gguf");
  put("mine.txt");
  return { folder, home, put };
}

/** Ends when it is asked to, and writes what it has counted. */
const endingServer = `
const fs = require("node:fs");
const [home] = process.argv.slice(1);
setInterval(() => {
  if (!fs.existsSync(home + "/run/servers/" + process.pid + ".restart")) return;
  fs.writeFileSync(home + "/stats.json", "{}");
  fs.writeFileSync(home + "/written", "");
  process.exit(0);
}, 20);
console.log("runs");`;

function options(home: string, more: Partial<ResetOptions> = {}): ResetOptions {
  return {
    homePath: home,
    ...nothingElse,
    processes: { isHost: () => false, end: () => Promise.resolve() },
    now: new Date("2026-11-24T12:00:00Z"),
    note: () => undefined,
    ...more,
  };
}

describe("a reset", () => {
  it("deletes what the product wrote and leaves models, backups and what is not its own", async () => {
    const { home } = fullHome();
    const record = resetRecordSchema.parse(await reset(options(home)));
    expect(record.done).toBe(true);
    const files = Object.keys(contentOf(home)).filter((name) => !name.endsWith("/"));
    expect(files.sort()).toEqual([
      "backups/before-reset-2026-11-24T12-00-00-000Z.zip",
      "backups/starcoder-2026.zip",
      "logs/notes.txt",
      "mine.txt",
      "models/big.gguf",
    ]);
  });

  it("names before what it deletes, with sizes, and touches nothing", () => {
    const { home } = fullHome();
    const before = contentOf(home);
    const { items, left } = planReset(home, nothingElse);
    expect(items.find(({ name }) => name === "logs")).toMatchObject({ files: 2, bytes: 6 });
    expect(items.map(({ name }) => name)).not.toContain("downloaded models");
    expect(left).toEqual(["mine.txt"]);
    expect(contentOf(home)).toEqual(before);
  });

  it("deletes models and backups when told to, but not the backup it makes", async () => {
    const { home } = fullHome();
    const { backup = "" } = await reset(options(home, { models: true, backups: true }));
    expect(existsSync(join(home, "models/big.gguf"))).toBe(false);
    expect(readdirSync(join(home, "backups"))).toEqual([backup.slice(dirname(backup).length + 1)]);
  });

  it.skipIf(process.platform === "win32")(
    "keeps the backup it makes where a link leads to the home",
    async () => {
      const { folder, home } = fullHome();
      const linked = join(folder, "linked");
      symlinkSync(home, linked);
      const { backup = "" } = await reset(options(linked, { backups: true }));
      expect(readBackup(backup).files.has("stats.json")).toBe(true);
    },
  );

  it("can be undone by restoring the backup it makes", async () => {
    const { home } = fullHome();
    const { backup = "" } = await reset(options(home, { settings: { enabled: false } }));
    const { files, settings } = readBackup(backup);
    expect(files.get("stats.json")?.toString()).toBe(stats);
    expect(settings).toEqual({ enabled: false });
  });

  it("leaves no statistics that a server writes as it ends", async () => {
    const { home } = fullHome();
    const server = spawn(process.execPath, ["-e", endingServer, home], { stdio: "pipe" });
    await once(server.stdout, "data");
    const { pid = 0 } = server;
    registerServer(home, { pid, version: "1", startedAt: "2026-01-01T00:00:00.000Z" });
    const ended = once(server, "exit");
    await reset(options(home));
    expect(await ended).toEqual([0, null]);
    expect(existsSync(join(home, "written"))).toBe(true);
    expect(existsSync(join(home, "stats.json"))).toBe(false);
  });

  it("ends the hosts first, and deletes nothing when one does not end", async () => {
    const { home } = fullHome();
    writeRunFile(join(home, "run", "a7bc3b2496df082d.json"), {
      protocolVersion: 2,
      pid: 123,
      token: "t",
      socketPath: "s",
      hostVersion: "1",
      startedAt: "2026-01-01T00:00:00.000Z",
    });
    const before = Object.keys(contentOf(home));
    const processes = { isHost: () => true, end: () => Promise.resolve() };
    await expect(reset(options(home, { processes }))).rejects.toMatchObject({ code: "HOST_HUNG" });
    expect(Object.keys(contentOf(home))).toEqual(expect.arrayContaining(before));
  });

  it.skipIf(process.platform === "win32")("follows no link out of the home", async () => {
    const { folder, home, put } = fullHome();
    const precious = write(join(folder, "elsewhere", "server-9.jsonl"), "precious");
    symlinkSync(dirname(precious), join(home, "logs", "server-9.jsonl"));
    symlinkSync(dirname(precious), join(home, "cache", "linked"));
    put("other/snapshots/1.json");
    const linked = join(folder, "linked-home");
    mkdirSync(join(linked, "run"), { recursive: true });
    symlinkSync(dirname(precious), join(linked, "logs"));
    symlinkSync(join(home, "other"), join(linked, "review"));
    await reset(options(home));
    await reset(options(linked, { backups: true, models: true }));
    expect(readFileSync(precious, "utf8")).toBe("precious");
    expect(existsSync(join(home, "other/snapshots/1.json"))).toBe(true);
    expect(existsSync(join(linked, "logs"))).toBe(true);
  });

  it("does nothing where there is no home yet", async () => {
    const home = join(temporaryFolder(), "none");
    expect(await reset(options(home))).toEqual({ home, items: [], done: true });
    expect(existsSync(home)).toBe(false);
  });

  it.each([
    ["the root", () => parse(process.cwd()).root],
    ["the user's folder", (user: string) => user],
    ["a folder above the user's", (user: string) => dirname(user)],
    ["a project", (user: string) => dirname(write(join(user, "project", "package.json"), "{}"))],
    ["a folder without anything of ours", (user: string) => dirname(write(join(user, "a", "b")))],
  ])("refuses %s as a home", (_what, homeOf) => {
    const user = join(temporaryFolder(), "user");
    write(join(user, "logs", "server-1.jsonl"));
    const error = codedErrorOf(() => planReset(homeOf(user), nothingElse, user));
    expect(error.code).toBe("VALIDATION_ERROR");
  });
});
