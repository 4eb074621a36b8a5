import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { processStart } from "../../../server/state/processStart.ts";
import {
  askForRestart,
  onRestartAsked,
  restartWishPath,
} from "../../../server/state/restartAsked.ts";
import { listServers, registerServer, serversFolder } from "../../../server/state/serverFiles.ts";
import { temporaryFolder } from "../../support/localEngine.ts";

const me = { pid: process.pid, version: "1.0.0", startedAt: "2026-01-01T00:00:00.000Z" };

describe("the servers of a home", () => {
  it("are listed while they live, in private files", () => {
    const home = temporaryFolder();
    expect(listServers(home)).toEqual([]);
    const unregister = registerServer(home, me);
    expect(listServers(home)).toEqual([me]);
    const path = join(serversFolder(home), `${process.pid}.json`);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    unregister();
    expect(listServers(home)).toEqual([]);
    expect(existsSync(path)).toBe(false);
  });

  it("are forgotten when they died without saying so", async () => {
    const home = temporaryFolder();
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    registerServer(home, { ...me, pid: child.pid ?? 0 });
    expect(listServers(home)).toHaveLength(1);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(listServers(home)).toEqual([]);
    expect(existsSync(join(serversFolder(home), `${child.pid ?? 0}.json`))).toBe(false);
  });

  it.skipIf(processStart(process.pid) === "")(
    "are not confused with a later process of the same id",
    () => {
      const home = temporaryFolder();
      mkdirSync(serversFolder(home), { recursive: true });
      const path = join(serversFolder(home), `${process.pid}.json`);
      writeFileSync(path, JSON.stringify({ ...me, processStart: "long ago" }));
      expect(listServers(home)).toEqual([]);
      expect(existsSync(path)).toBe(false);
    },
  );

  it.each([
    ["broken", "{"],
    ["of another form", "[]"],
    ["too long", `"${"x".repeat(5000)}"`],
    ["that names another process", JSON.stringify({ ...me, pid: 1, processStart: "" })],
  ])("are not read from a file that is %s", (_what, content) => {
    const home = temporaryFolder();
    mkdirSync(serversFolder(home), { recursive: true });
    writeFileSync(join(serversFolder(home), `${process.pid}.json`), content);
    expect(listServers(home)).toEqual([]);
  });

  it("keep serving in a home that cannot be written", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const unregister = registerServer(file, me);
    expect(listServers(file)).toEqual([]);
    expect(unregister).not.toThrow();
  });
});

describe("the wish for a restart", () => {
  it("is heard by the server it names, and taken away", async () => {
    const home = temporaryFolder();
    const heard = new Promise<void>((resolve) => {
      const end = onRestartAsked(home, process.pid, () => {
        end();
        resolve();
      });
    });
    askForRestart(home, process.pid + 1);
    askForRestart(home, process.pid);
    await heard;
    expect(existsSync(restartWishPath(home, process.pid))).toBe(false);
    expect(existsSync(restartWishPath(home, process.pid + 1))).toBe(true);
  });

  it("is heard although it cannot be taken away", async () => {
    const home = temporaryFolder();
    const heard = new Promise<void>((resolve) => {
      const end = onRestartAsked(home, process.pid, () => {
        end();
        resolve();
      });
    });
    // A folder is not removed as a file is.
    mkdirSync(restartWishPath(home, process.pid));
    await expect(heard).resolves.toBeUndefined();
  });
});
