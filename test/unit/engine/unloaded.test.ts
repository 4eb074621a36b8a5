import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { HostState } from "../../../server/protocol/host.ts";
import { answering, modelDescription, readyState } from "../../support/fakeHost.ts";
import {
  fakeConfig,
  fakeEngine,
  reaches,
  smallRequest as request,
} from "../../support/localEngine.ts";

const never = new AbortController().signal;
const ignore = (): void => undefined;

/** An engine whose only host is ready. */
async function serving() {
  const fake = fakeEngine([{ generate: answering() }]);
  fake.engine.start("background");
  await reaches(fake.engine, "ready");
  return { ...fake, host: fake.fakes.host };
}

describe("a model that was unloaded", () => {
  const unloaded = (why: "idle" | "memory"): HostState => ({
    ...{ kind: "unloaded", why, model: modelDescription, backend: readyState.backend },
  });

  it("is no failure, and is loaded again by the next start", async () => {
    const { engine, host } = await serving();
    host.announce(unloaded("idle"));
    expect(await reaches(engine, "unloaded")).toMatchObject({ why: "idle" });
    engine.start("background");
    await expect.poll(() => host.received).toContain("warm");
    host.announce({ kind: "loading" });
    await reaches(engine, "starting");
    host.announce(readyState);
    await reaches(engine, "ready");
  });

  it("is asked for once while it is on its way", async () => {
    const { engine, host } = await serving();
    host.announce(unloaded("idle"));
    await reaches(engine, "unloaded");
    for (let keys = 0; keys < 5; keys += 1) engine.start("background");
    await engine.health();
    expect(host.received.filter((name) => name === "warm")).toEqual(["warm"]);
  });

  it("passes requests on, which wait in the host", async () => {
    const { engine, host } = await serving();
    host.announce(unloaded("idle"));
    await reaches(engine, "unloaded");
    expect(await engine.generate(request, ignore, never)).toMatchObject({ kind: "done" });
  });

  it("is loaded when the window gets the focus, unless memory was short", async () => {
    const { engine, host } = await serving();
    host.announce(unloaded("memory"));
    await reaches(engine, "unloaded");
    engine.setFocused(true);
    await engine.health();
    expect(host.received).not.toContain("warm");
    host.announce(unloaded("idle"));
    await expect.poll(() => engine.state).toMatchObject({ kind: "unloaded", why: "idle" });
    engine.setFocused(false);
    engine.setFocused(true);
    await expect.poll(() => host.received).toContain("warm");
    expect(host.received.filter((name) => /focus|blur/.test(name))).toEqual([
      "focus",
      "blur",
      "focus",
    ]);
  });

  it("is taken over as it is by a window that connects", async () => {
    const { engine } = fakeEngine([{ state: unloaded("idle") }]);
    engine.start("background");
    await reaches(engine, "unloaded");
  });
});

describe("a window's focus", () => {
  it("is told to a host that comes later", async () => {
    const { engine, fakes } = fakeEngine([{}]);
    engine.setFocused(false);
    engine.start("background");
    await reaches(engine, "ready");
    await engine.health();
    expect(fakes.host.received).toContain("blur");
  });

  it("finds a model whose drive is back", async () => {
    const { engine, config, folder } = fakeEngine([{}]);
    rmSync(config.modelPath);
    engine.start("background");
    await reaches(engine, "failed");
    engine.setFocused(true);
    expect(engine.state.kind).toBe("failed");
    fakeConfig(folder);
    engine.setFocused(true);
    await reaches(engine, "ready");
  });
});
