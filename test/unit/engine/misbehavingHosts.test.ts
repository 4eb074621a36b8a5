import { describe, expect, it } from "vitest";
import { hostProtocolVersion, type HostLaunch } from "../../../server/protocol/host.ts";
import { engineKey } from "../../../server/state/engineKey.ts";
import { openHome } from "../../../server/state/home.ts";
import { writeRunFile } from "../../../server/state/runFile.ts";
import { runPathsOf } from "../../../server/state/runPaths.ts";
import { startFakeHost, type Behaviour } from "../../support/fakeHost.ts";
import { fakeEngine, reaches } from "../../support/localEngine.ts";

/** The engine over a home in which a host with this behaviour runs already, under process id 7. */
async function besideHost(behaviour: Behaviour) {
  const fake = fakeEngine();
  const launch = launchIn(fake);
  const beside = await startFakeHost(launch, 7, behaviour);
  fake.fakes.adopt(beside);
  return { ...fake, beside };
}

function launchIn({ homePath, config }: ReturnType<typeof fakeEngine>): HostLaunch {
  const { socketPath, runFilePath } = runPathsOf(openHome(homePath), engineKey(config));
  return { config, socketPath, runFilePath, token: "old", hostVersion: "1.0.0" };
}

describe("the local engine beside a host that", () => {
  it("is well is served by it and starts none", async () => {
    const { engine, fakes } = await besideHost({});
    engine.start("background");
    await reaches(engine, "ready");
    expect(fakes.launches).toBe(0);
  });

  it("never answers ends it and starts another", async () => {
    const { engine, clock, fakes } = await besideHost({ onConnection: () => undefined });
    engine.start("background");
    const timer = setInterval(() => clock.advance(1000), 10);
    await reaches(engine, "ready");
    clearInterval(timer);
    expect(fakes.ended).toContain(7);
    expect(fakes.launches).toBe(1);
  });

  it("closes each connection starts another", async () => {
    const { engine, fakes } = await besideHost({ onConnection: (socket) => socket.destroy() });
    engine.start("background");
    await reaches(engine, "ready");
    expect(fakes.launches).toBe(1);
  });

  it("sends garbage ends it and starts another", async () => {
    const { engine, fakes } = await besideHost({
      onConnection: (socket) => socket.write("HTTP/1.1 200 OK\r\n\r\nhello"),
    });
    engine.start("background");
    await reaches(engine, "ready");
    expect(fakes.ended).toContain(7);
  });

  it("announces a message of 64 MB cuts it off before it arrives", async () => {
    const { engine, fakes } = await besideHost({
      onConnection: (socket) => socket.write(`Content-Length: ${64 * 1024 * 1024}\r\n\r\n{`),
    });
    engine.start("background");
    await reaches(engine, "ready");
    expect(fakes.ended).toContain(7);
  });

  it("refuses the token ends it and starts another", async () => {
    const { engine, fakes } = await besideHost({ refuse: "HOST_AUTH" });
    engine.start("background");
    await reaches(engine, "ready");
    expect(fakes.ended).toContain(7);
  });

  it("speaks an older protocol asks it to retire and starts another beside it", async () => {
    const { engine, fakes, beside } = await besideHost({
      protocolVersion: hostProtocolVersion - 1,
    });
    engine.start("background");
    await reaches(engine, "ready");
    expect(beside.received).toEqual(["hello", "retire"]);
    expect(fakes.ended).toEqual([]);
    expect(fakes.host.launch.socketPath).not.toBe(beside.launch.socketPath);
  });

  it("speaks an older protocol and does not answer ends it and starts another", async () => {
    const { engine, clock, fakes } = await besideHost({
      protocolVersion: hostProtocolVersion - 1,
      onConnection: () => undefined,
    });
    engine.start("background");
    const timer = setInterval(() => clock.advance(1000), 10);
    await reaches(engine, "ready");
    clearInterval(timer);
    expect(fakes.ended).toContain(7);
  });

  it("speaks a newer protocol leaves it alone and says so", async () => {
    const { engine, fakes } = await besideHost({ protocolVersion: hostProtocolVersion + 1 });
    engine.start("background");
    expect((await reaches(engine, "failed")).error.code).toBe("HOST_VERSION");
    expect(fakes.ended).toEqual([]);
    expect(fakes.launches).toBe(0);
  });

  it("is gone and left its run file starts another and ends nothing", async () => {
    const fake = fakeEngine();
    const launch = launchIn(fake);
    writeRunFile(launch.runFilePath, {
      protocolVersion: hostProtocolVersion,
      pid: process.pid,
      token: "old",
      socketPath: launch.socketPath,
      hostVersion: "1.0.0",
      startedAt: "2026-01-01T00:00:00.000Z",
    });
    fake.engine.start("background");
    await reaches(fake.engine, "ready");
    expect(fake.fakes.ended).toEqual([]);
    expect(fake.fakes.launches).toBe(1);
  });
});
