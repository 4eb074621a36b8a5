import { describe, expect, it } from "vitest";
import { createLastErrors } from "../../../server/health/snapshot/lastErrors.ts";
import { readHealth, type HealthSources } from "../../../server/health/snapshot/readHealth.ts";
import {
  createRecentRequests,
  mostRecentRequests,
} from "../../../server/health/snapshot/recentRequests.ts";
import { healthSchema, type RecentRequest } from "../../../server/protocol/health.ts";
import { defaultSettings } from "../../../server/protocol/settings.ts";
import type { Status } from "../../../server/protocol/status.ts";
import type { Behaviour } from "../../support/fakeHost.ts";
import { modelDescription } from "../../support/fakeHost.ts";
import { fakeEngine, reaches } from "../../support/localEngine.ts";

const ready: Status = { state: "ok", message: "fake on cpu", actions: [], settingProblems: [] };
const self = { pid: process.pid, version: "1.2.3", startedAt: "2026-11-24T11:00:00.000Z" };

/** Health over an engine with fake hosts; `read` parses what comes, as a client does. */
function createWorld(
  behaviours: readonly (Behaviour | "dies")[] = [],
  own: Partial<HealthSources> = {},
) {
  const { engine, clock, fakes } = fakeEngine(behaviours);
  const lastErrors = createLastErrors();
  const recent = createRecentRequests();
  const sources: HealthSources = {
    version: "1.2.3",
    engine,
    clock,
    now: () => new Date("2026-11-24T12:00:00Z"),
    settings: () => defaultSettings,
    isStarter: () => true,
    familyOf: () => ({ id: "starcoder2", order: "SPM" }),
    lastErrors,
    recent,
    servers: () => [self],
    residentBytesOf: () => Promise.resolve(1000),
    logs: () => ({ folder: "/home/logs", level: "info", source: false }),
    ...own,
  };
  return {
    engine,
    clock,
    fakes,
    lastErrors,
    recent,
    read: async (status = ready) => healthSchema.parse(await readHealth(sources, status)),
  };
}

const stateOf = (health: Awaited<ReturnType<ReturnType<typeof createWorld>["read"]>>) =>
  Object.fromEntries(health.services.map(({ name, state }) => [name, state]));

const usage = {
  ...{ queueMs: 1, prefillMs: 2, decodeMs: 3 },
  ...{ evaluatedTokens: 4, reusedTokens: 5, generatedTokens: 6 },
};

describe("health", () => {
  it("tells services, model, backend and memory of a host that answers", async () => {
    const { engine, read } = createWorld();
    engine.start("background");
    await reaches(engine, "ready");
    const health = await read();
    expect(stateOf(health)).toEqual({ server: "ok", host: "ok", completion: "ok", review: "ok" });
    expect(health.model).toMatchObject({
      ...{ name: "fake", starter: true, quantization: modelDescription.quantization },
      ...{ family: "starcoder2", fimOrder: "SPM" },
    });
    expect(health.backend).toEqual({ requested: "cpu", used: "cpu" });
    expect(health.memory).toMatchObject({ serversBytes: 1000, hostBytes: 1 });
    expect(health.memory.gpu).toBeUndefined();
    expect(health.hostError).toBeUndefined();
  });

  it("answers after two seconds when the host says nothing, and names it with what remedies it", async () => {
    const { engine, clock, read } = createWorld([{ silent: true }]);
    engine.start("background");
    await reaches(engine, "ready");
    const reading = read();
    clock.advance(2000);
    const health = await reading;
    expect(health.host).toBeUndefined();
    expect(health.hostError?.code).toBe("HOST_HUNG");
    expect(stateOf(health)).toMatchObject({ server: "ok", host: "error", completion: "unknown" });
    expect(health.services.find(({ name }) => name === "host")?.actions).toContain("restart");
    expect(health.servers).toHaveLength(1);
  });

  it("answers at once without a host, and starts none", async () => {
    const { engine, fakes, read } = createWorld([{ silent: true }]);
    const status: Status = { ...ready, state: "starting", message: "It starts when needed." };
    const health = await read(status);
    expect(health.host).toBeUndefined();
    expect(health.model).toBeUndefined();
    expect(health.hostError?.code).toBe("MODEL_UNAVAILABLE");
    expect(stateOf(health)).toMatchObject({ server: "ok", host: "off", completion: "starting" });
    expect(engine.state.kind).toBe("stopped");
    expect(fakes.launches).toBe(0);
  });

  it("tells why a host failed, with the buttons of its code", async () => {
    const error = {
      code: "MODEL_INVALID",
      message: "The model file cannot be read.",
      remedy: "Fetch the file again.",
      retryable: false,
    } as const;
    const { engine, read } = createWorld([{ state: { kind: "failed", error } }]);
    engine.start("background");
    await reaches(engine, "failed");
    const { services } = await read({ ...ready, state: "error", message: error.message });
    const host = services.find(({ name }) => name === "host");
    expect(host).toMatchObject({
      state: "error",
      actions: ["chooseModel", "useBundledModel", "doctor"],
    });
    expect(host?.message).toContain(error.message);
  });

  it("says of a model without FIM tokens that it cannot complete", async () => {
    const { engine, read } = createWorld([], { familyOf: () => undefined });
    engine.start("background");
    await reaches(engine, "ready");
    const health = await read();
    expect(stateOf(health)).toMatchObject({ completion: "error", review: "ok" });
    expect(health.model?.family).toBeUndefined();
  });

  it.each([
    [{ enabled: false }, { completion: "off", review: "off" }],
    [{ "review.mode": "off" as const }, { completion: "ok", review: "off" }],
  ])("says what the settings %j turn off", async (changed, states) => {
    const settings = { ...defaultSettings, ...changed };
    const { engine, read } = createWorld([], { settings: () => settings });
    engine.start("background");
    await reaches(engine, "ready");
    expect(stateOf(await read())).toMatchObject(states);
  });

  it("leaves out the memory of a process that is not known or not told in time", async () => {
    const other = { ...self, pid: 1_000_000_001 };
    const never = new Promise<number>(() => undefined);
    const { clock, read } = createWorld([], {
      servers: () => [self, other],
      residentBytesOf: (pid) => (pid === self.pid ? Promise.resolve(5) : never),
    });
    const reading = read();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(2000);
    const { servers, memory } = await reading;
    expect(servers).toMatchObject([{ self: true, residentBytes: 5 }, { self: false }]);
    expect(servers[1]?.residentBytes).toBeUndefined();
    expect(memory.serversBytes).toBe(5);
  });

  it("lists itself where its home could not be written", async () => {
    const { read } = createWorld([], { servers: () => [] });
    expect((await read()).servers).toMatchObject([{ pid: process.pid, self: true }]);
  });

  it("tells the last error of each service", async () => {
    const { lastErrors, read } = createWorld();
    const base = { level: "error", service: "host", message: "the model host failed" } as const;
    lastErrors.write({ ...base, time: "t1", fields: { code: "MEMORY_ERROR" } });
    lastErrors.write({ ...base, time: "t2", fields: { code: "HOST_DIED", detail: "gone" } });
    lastErrors.write({ ...base, level: "warn", time: "t3", fields: {} });
    lastErrors.write({ ...base, service: "review", time: "t4", fields: { code: "NO_SUCH" } });
    const { services } = await read();
    expect(services.map(({ name, lastError }) => [name, lastError])).toEqual([
      ["server", undefined],
      ["host", { time: "t2", code: "HOST_DIED", message: "the model host failed: gone" }],
      ["completion", undefined],
      ["review", { time: "t4", message: "the model host failed" }],
    ]);
  });

  it("tells what a request cost where that is known after its answer, and only of that one", async () => {
    const { recent, read } = createWorld();
    const request = (requestId: string): RecentRequest => ({
      ...{ time: "t", requestId, service: "completion", totalMs: 1, outcome: "cancelled" },
    });
    recent.add(request("key-1"));
    recent.add(request("key-2"));
    recent.charge("key-1", usage);
    recent.charge("key-9", usage);
    expect((await read()).recent).toEqual([{ ...request("key-1"), ...usage }, request("key-2")]);
  });

  it("holds the last 120 requests, oldest first", async () => {
    const { recent, read } = createWorld();
    const request = (index: number): RecentRequest => ({
      ...{ time: "t", requestId: String(index), service: "completion" },
      ...{ totalMs: index, outcome: "suggestion" },
    });
    for (let index = 1; index <= 250; index++) recent.add(request(index));
    const ids = (await read()).recent.map(({ requestId }) => Number(requestId));
    expect(ids).toEqual(Array.from({ length: mostRecentRequests }, (_, index) => index + 131));
  });
});

describe("health with remote engines", () => {
  it("lists them, and does not miss a host that is not used", async () => {
    const { balanceOver } = await import("../../support/fakeRemotes.ts");
    const { engine: remote } = balanceOver(["one", "two"]);
    const { read } = createWorld([], { engine: remote, endpoints: () => remote.status() });
    const health = await read();
    expect(health.endpoints?.map(({ name, state }) => [name, state])).toEqual([
      ["one", "up"],
      ["two", "up"],
    ]);
    expect(health.hostError).toBeUndefined();
    expect(health.backend).toEqual({ requested: "remote", used: "remote" });
    expect(health.services.find(({ name }) => name === "host")?.state).toBe("off");
    expect(health.services.find(({ name }) => name === "completion")?.state).toBe("ok");
  });
});
