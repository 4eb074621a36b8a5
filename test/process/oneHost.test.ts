import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { hostProtocolVersion } from "../../server/protocol/host.ts";
import { writeRunFile } from "../../server/state/runFile.ts";
import { reaches, temporaryFolder } from "../support/localEngine.ts";
import {
  buildBundles,
  bundleProgram,
  endHostsOf,
  hostScript,
  hostsOf,
  kill,
  realConfig,
  realEngine,
  realPaths,
  startProgram,
} from "../support/realHost.ts";
import { onTestFinished } from "vitest";

/** A process and all its descendants, as a language client finds those it kills. */
function treeOf(pid: number): number[] {
  const children = execFileSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child ?? 0);
  return [pid, ...children.flatMap(treeOf)];
}

describe("servers that need the same host", { timeout: 180_000 }, () => {
  beforeAll(buildBundles, 120_000);

  const race = async (prepare: (home: string) => void): Promise<void> => {
    const folder = temporaryFolder();
    const home = join(folder, "home");
    const program = await bundleProgram("engineProgram", folder);
    const args = [home, hostScript, JSON.stringify(realConfig)];
    onTestFinished(() => endHostsOf(home));
    prepare(home);
    const programs = await Promise.all(
      Array.from({ length: 8 }, () => startProgram(program, args)),
    );
    const [first = "", ...others] = programs.map(({ line }) => line);
    expect(JSON.parse(first)).toEqual({ pid: expect.any(Number) as number });
    expect(new Set([first, ...others])).toEqual(new Set([first]));
    expect(hostsOf(home)).toHaveLength(1);
  };

  it("race for it and share one", () => race(() => undefined));

  it("share one although a killed server left its lock", () =>
    race((home) => {
      const { lockPath } = realPaths(home);
      mkdirSync(lockPath);
      utimesSync(lockPath, 1, 1);
    }));

  it("wait seconds alone for a lock that was left just now, a dead socket and a dead run file", async () => {
    const home = temporaryFolder();
    const { lockPath, socketPath, runFilePath } = realPaths(home);
    mkdirSync(lockPath);
    writeFileSync(socketPath, "");
    writeRunFile(runFilePath, {
      protocolVersion: hostProtocolVersion,
      pid: process.pid,
      token: "old",
      socketPath,
      hostVersion: "0.0.0",
      startedAt: "2026-01-01T00:00:00.000Z",
    });
    const engine = realEngine(home);
    engine.start("background");
    await reaches(engine, "ready");
    expect(hostsOf(home)).toHaveLength(1);
  });

  it("lose nothing when the process tree of the one that started it is killed", async () => {
    const folder = temporaryFolder();
    const home = join(folder, "home");
    const program = await bundleProgram("engineProgram", folder);
    onTestFinished(() => endHostsOf(home));
    const starter = await startProgram(program, [home, hostScript, JSON.stringify(realConfig)]);
    const { pid } = JSON.parse(starter.line) as { pid: number };
    const tree = treeOf(starter.child.pid ?? 0);
    expect(tree).not.toContain(pid);
    for (const member of tree) kill(member);
    const engine = realEngine(home);
    engine.start("background");
    await reaches(engine, "ready");
    const health = await engine.health();
    expect(health).toMatchObject({ kind: "done", value: { pid } });
  });

  it("have one each in two homes, however long their paths", async () => {
    const folder = temporaryFolder();
    const homes = ["1", "2"].map((name) => join(folder, "long-name-".repeat(12), name));
    const engines = homes.map((home) => realEngine(home));
    for (const engine of engines) engine.start("background");
    await Promise.all(engines.map((engine) => reaches(engine, "ready")));
    const sockets = homes.map((home) => realPaths(home).socketPath);
    expect(sockets[0]).not.toContain(folder);
    expect(new Set(sockets).size).toBe(2);
    expect(homes.map((home) => hostsOf(home).length)).toEqual([1, 1]);
  });

  it("fail with HOME_NOT_WRITABLE where the home cannot be made", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    const engine = realEngine(join(file, "home"));
    engine.start("background");
    expect((await reaches(engine, "failed")).error.code).toBe("HOME_NOT_WRITABLE");
  });

  it("switch to another model without a gap, and the first host ends", async () => {
    const home = temporaryFolder();
    const engine = realEngine(home);
    engine.start("background");
    await reaches(engine, "ready");
    const [first] = hostsOf(home);
    const modelPath = join(home, "other.gguf");
    copyFileSync(realConfig.modelPath, modelPath);
    const states: string[] = [];
    engine.onState(({ kind }) => states.push(kind));
    engine.setConfig({ ...realConfig, modelPath });
    await expect.poll(() => hostsOf(home).includes(first ?? 0), { timeout: 60_000 }).toBe(false);
    expect(hostsOf(home)).toHaveLength(1);
    expect(new Set(states)).toEqual(new Set(["ready"]));
    expect(engine.state).toMatchObject({ kind: "ready", model: { path: modelPath } });
  });

  it("see no crash when another window restarts the service, or leaves the model", async () => {
    const home = temporaryFolder();
    const [one, other] = [realEngine(home), realEngine(home)];
    for (const engine of [one, other]) engine.start("background");
    await Promise.all([one, other].map((engine) => reaches(engine, "ready")));
    const states: string[] = [];
    other.onState(({ kind }) => states.push(kind));
    await one.restart();
    await reaches(one, "ready");
    await expect.poll(() => states, { timeout: 60_000 }).toEqual(["starting", "ready"]);
    const [pid] = hostsOf(home);

    const modelPath = join(home, "other.gguf");
    copyFileSync(realConfig.modelPath, modelPath);
    one.setConfig({ ...realConfig, modelPath });
    await expect.poll(() => hostsOf(home).length, { timeout: 60_000 }).toBe(2);
    await expect
      .poll(() => one.state, { timeout: 60_000 })
      .toMatchObject({ kind: "ready", model: { path: modelPath } });
    const health = await other.health();
    expect(health).toMatchObject({ kind: "done", value: { pid } });
    expect(states).toEqual(["starting", "ready"]);
  });

  it("get no host for a file that is no model, and none stays behind", async () => {
    const home = temporaryFolder();
    const modelPath = join(home, "garbage.gguf");
    writeFileSync(modelPath, readFileSync(hostScript).subarray(0, 100_000));
    const engine = realEngine(home, { ...realConfig, modelPath });
    engine.start("background");
    expect((await reaches(engine, "failed")).error.code).toBe("MODEL_INVALID");
    await expect.poll(() => hostsOf(home), { timeout: 30_000 }).toEqual([]);
    expect(dirname(realPaths(home, { ...realConfig, modelPath }).runFilePath)).toContain(home);
  });
});
