import { describe, expect, it } from "vitest";
import type { Check } from "../../../server/health/check.ts";
import { runDoctor } from "../../../server/health/doctor.ts";
import type { DoctorWorld } from "../../../server/health/world.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { doctorReportSchema } from "../../../server/protocol/records.ts";
import { createManualClock } from "../../support/manualClock.ts";

const header = { version: 3, tensors: 12, architecture: "starcoder2", sizeBytes: 8_000_000 };
const host = {
  protocolVersion: 1,
  pid: 42,
  token: "secret",
  socketPath: "/run/a.sock",
  hostVersion: "1.0.0",
  startedAt: "2026-01-01T00:00:00Z",
};
const healthy: DoctorWorld = {
  nodeVersion: "v20.20.2",
  homePath: "/home/me/starcoder",
  openHome: () => Promise.resolve(),
  modelPath: "/models/a.gguf",
  contextSize: 0,
  readModel: () => Promise.resolve(header),
  probeBinding: () => Promise.resolve({ kind: "works", backend: "cpu" }),
  readHosts: () => Promise.resolve([]),
  isAlive: () => true,
  isListening: () => Promise.resolve(true),
  freeMemoryBytes: () => 8e9,
  totalMemoryBytes: () => 16e9,
};

async function examine(changes: Partial<DoctorWorld>) {
  const world = { ...healthy, ...changes };
  const report = await runDoctor({ world, clock: createManualClock() });
  expect(doctorReportSchema.safeParse(report).success).toBe(true);
  return report;
}

describe("the doctor", () => {
  it("finds nothing wrong with a healthy machine", async () => {
    const { ok, checks } = await examine({});
    expect(ok).toBe(true);
    expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "node ok",
      "home ok",
      "model ok",
      "binding ok",
      "socket ok",
      "memory ok",
    ]);
  });

  it.each<[string, Partial<DoctorWorld>, string, string, string | undefined]>([
    ["an old Node", { nodeVersion: "v18.0.0" }, "node", "failed", undefined],
    [
      "a home that cannot be written",
      { openHome: () => Promise.reject(new CodedError("HOME_NOT_WRITABLE", "EROFS")) },
      "home",
      "failed",
      "HOME_NOT_WRITABLE",
    ],
    [
      "a missing model",
      { readModel: () => Promise.reject(new CodedError("MODEL_NOT_FOUND", "/models/a.gguf")) },
      "model",
      "failed",
      "MODEL_NOT_FOUND",
    ],
    [
      "a model without weights",
      { readModel: () => Promise.resolve({ ...header, tensors: 0 }) },
      "model",
      "failed",
      "MODEL_INVALID",
    ],
    [
      "a native library that is not there",
      { probeBinding: () => Promise.resolve({ kind: "missing", reason: "no prebuilt binary" }) },
      "binding",
      "failed",
      "BINDING_MISSING",
    ],
    [
      "a host that does not listen",
      { readHosts: () => Promise.resolve([host]), isListening: () => Promise.resolve(false) },
      "socket",
      "failed",
      "HOST_HUNG",
    ],
    ["memory that is short", { freeMemoryBytes: () => 1e8 }, "memory", "warning", undefined],
    [
      "less memory than the model needs",
      { totalMemoryBytes: () => 2e8, freeMemoryBytes: () => 1e8 },
      "memory",
      "failed",
      "MEMORY_ERROR",
    ],
  ])("names %s", async (_, changes, name, status, code) => {
    const { ok, checks } = await examine(changes);
    const wrong = checks.filter((check) => check.status !== "ok");
    expect(wrong).toMatchObject([{ name, status, ...(code === undefined ? {} : { code }) }]);
    expect(ok).toBe(status === "warning");
    if (status === "failed") expect(wrong[0]?.remedy).toMatch(/\S/);
  });

  it("is not troubled by the run file of a dead host", async () => {
    const { checks } = await examine({
      readHosts: () => Promise.resolve([host]),
      isAlive: () => false,
      isListening: () => Promise.resolve(false),
    });
    expect(checks.find(({ name }) => name === "socket")?.status).toBe("ok");
  });

  it("lets a hung check time out alone and tells it to stop", async () => {
    const clock = createManualClock();
    let stopped = false;
    const hung: Check = {
      name: "hung",
      title: "Hung",
      run: (_, signal) => {
        signal.addEventListener("abort", () => (stopped = true));
        return new Promise(() => undefined);
      },
    };
    const fine: Check = { name: "fine", title: "Fine", run: () => ({ status: "ok", message: "" }) };
    const running = runDoctor({ world: healthy, clock, checks: [hung, fine], timeoutMs: 5000 });
    await new Promise(setImmediate);
    clock.advance(5000);
    const { ok, checks } = await running;
    expect(ok).toBe(false);
    expect(checks).toMatchObject([
      { name: "hung", status: "timeout", code: "TIMEOUT_ERROR", durationMs: 5000 },
      { name: "fine", status: "ok" },
    ]);
    expect(stopped).toBe(true);
  });
});
