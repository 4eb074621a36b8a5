import { describe, expect, it } from "vitest";
import { runDoctor } from "../../../../server/health/doctor.ts";
import type { BindingProbe } from "../../../../server/health/probeBinding.ts";
import type { DoctorWorld } from "../../../../server/health/world.ts";
import { CodedError, type ErrorCode } from "../../../../server/protocol/errors.ts";
import type { DoctorCheck } from "../../../../server/protocol/records.ts";
import { defaultSettings, type Settings } from "../../../../server/protocol/settings.ts";
import { createManualClock } from "../../../support/manualClock.ts";
import { facts, healthyWorld, wholeModel } from "../healthyWorld.ts";

const { system, home, model, versions } = healthyWorld;

function settings(changes: Partial<Settings>): Partial<DoctorWorld> {
  return { settings: { ...defaultSettings, ...changes } };
}

const runFile = {
  protocolVersion: 2,
  pid: 42,
  token: "secret",
  socketPath: "/run/a.sock",
  hostVersion: "1.0.0",
  startedAt: "2026-01-01T00:00:00Z",
};
const living = {
  path: "/run/a.json",
  runFile,
  own: true,
  private: true,
  alive: true,
  answer: { kind: "answers", version: "1.0.0", state: "ready" },
} as const;

function hosts(changes: object, locks: object[] = []): Partial<DoctorWorld> {
  const seen = { hosts: [{ ...living, ...changes }], locks } as never;
  return { lookAtHosts: () => Promise.resolve(seen) };
}

const gpu: BindingProbe = {
  kind: "works",
  backend: "cuda",
  devices: ["Some GPU"],
  totalBytes: 24e9,
  usedBytes: 1e9,
  version: "b1",
};

/** What is wrong, the check that says so, how, and by which code. */
const faults: [string, Partial<DoctorWorld>, string, DoctorCheck["status"], ErrorCode?][] = [
  [
    "an old Node",
    { system: { ...system, nodeVersion: "v18.0.0" } },
    "node",
    "failed",
    "NODE_UNSUPPORTED",
  ],
  [
    "an unknown system",
    { system: { ...system, platform: "sunos" } },
    "platform",
    "failed",
    "PLATFORM_UNSUPPORTED",
  ],
  [
    "a processor without AVX2",
    {
      system: {
        ...system,
        processor: () => Promise.resolve({ model: "Old", cores: 2, features: new Set(["sse2"]) }),
      },
    },
    "cpu",
    "warning",
    "PLATFORM_UNSUPPORTED",
  ],
  [
    "a busy processor",
    {
      system: {
        ...system,
        processor: () => Promise.resolve({ model: "CPU", cores: 2, load: 9 }),
      },
    },
    "cpu",
    "warning",
  ],
  [
    "memory that is short",
    { system: { ...system, freeMemoryBytes: () => 1e8 } },
    "memory",
    "warning",
    "MEMORY_ERROR",
  ],
  [
    "less memory than the model needs",
    { system: { ...system, freeMemoryBytes: () => 1e8, totalMemoryBytes: () => 1.1e8 } },
    "memory",
    "failed",
    "MEMORY_ERROR",
  ],
  [
    "a full disk",
    { home: { ...home, freeBytes: () => Promise.resolve(1e6) } },
    "disk",
    "failed",
    "DISK_FULL",
  ],
  [
    "a disk that is nearly full",
    { home: { ...home, freeBytes: () => Promise.resolve(5e8) } },
    "disk",
    "warning",
    "DISK_FULL",
  ],
  [
    "a GPU that was asked for and is not there",
    settings({ backend: "cuda" }),
    "gpu",
    "warning",
    "BACKEND_UNAVAILABLE",
  ],
  [
    "a log folder that cannot be written",
    { home: { ...home, tryWriting: () => Promise.reject(new Error("EACCES")) } },
    "logs",
    "failed",
    "HOME_NOT_WRITABLE",
  ],
  [
    "a log folder on a full disk",
    {
      home: {
        ...home,
        tryWriting: () => Promise.reject(Object.assign(new Error("no"), { code: "ENOSPC" })),
      },
    },
    "logs",
    "failed",
    "DISK_FULL",
  ],
  [
    "a model without weights",
    { model: { ...model, read: () => Promise.resolve({ ...wholeModel, tensors: 0 }) } },
    "model",
    "failed",
    "MODEL_INVALID",
  ],
  [
    "a truncated model",
    { model: { ...model, read: () => Promise.resolve({ ...wholeModel, sizeBytes: 7_999_999 }) } },
    "model",
    "failed",
    "MODEL_INVALID",
  ],
  [
    "a model that cannot fill in the middle",
    { model: { ...model, familyOf: () => undefined } },
    "model",
    "failed",
    "MODEL_NOT_FIM",
  ],
  [
    "a model whose contents changed",
    {
      model: {
        ...model,
        hash: () => Promise.resolve({ kind: "other", sha256: "a", expected: "b" }),
      },
    },
    "modelHash",
    "failed",
    "MODEL_DAMAGED",
  ],
  [
    "a host that does not listen",
    hosts({ answer: { kind: "absent" } }),
    "host",
    "failed",
    "HOST_HUNG",
  ],
  [
    "a host that ended without clearing up",
    hosts({ alive: false, answer: { kind: "absent" } }),
    "host",
    "warning",
    "HOST_DIED",
  ],
  [
    "a host that refuses the token",
    hosts({ answer: { kind: "unusable", error: new CodedError("HOST_AUTH").toData() } }),
    "host",
    "failed",
    "HOST_AUTH",
  ],
  ["a run file of another user", hosts({ own: false }), "host", "failed", "HOST_AUTH"],
  ["a run file that others can read", hosts({ private: false }), "host", "warning", "HOST_AUTH"],
  [
    "a lock that was left over",
    hosts({}, [{ path: "/run/a.lock", ageSeconds: 60, own: true }]),
    "host",
    "warning",
    "LOCK_HELD",
  ],
  [
    "a lock of another user",
    hosts({}, [{ path: "/run/a.lock", ageSeconds: 1, own: false }]),
    "host",
    "failed",
    "LOCK_HELD",
  ],
  [
    "a server of another version",
    { facts: { ...facts, server: { state: "running", version: "0.9.0" } } },
    "versions",
    "warning",
    "VERSION_MISMATCH",
  ],
  [
    "a host of another version",
    hosts({ answer: { kind: "answers", version: "0.9.0", state: "ready" } }),
    "versions",
    "warning",
    "VERSION_MISMATCH",
  ],
  [
    "a package that was updated under a running program",
    { versions: { ...versions, installed: () => Promise.resolve("2.0.0") } },
    "versions",
    "warning",
    "VERSION_MISMATCH",
  ],
  [
    "no git",
    { git: () => Promise.resolve({ problem: "There is none." }) },
    "git",
    "warning",
    "GIT_UNAVAILABLE",
  ],
  [
    "a completion that fails",
    {
      product: {
        ...healthyWorld.product,
        complete: () => Promise.resolve({ kind: "failed", code: "HOST_DIED", message: "It died." }),
      },
    },
    "completion",
    "failed",
    "HOST_DIED",
  ],
  [
    "a completion that comes to nothing",
    {
      product: {
        ...healthyWorld.product,
        complete: () =>
          Promise.resolve({ kind: "done", startMs: 0, totalMs: 1, outcome: "", useful: false }),
      },
    },
    "completion",
    "warning",
    "PARSING_ERROR",
  ],
  [
    "a review that fails",
    {
      product: {
        ...healthyWorld.product,
        review: () => Promise.resolve({ kind: "failed", code: "SCORES_INVALID", message: "No." }),
      },
    },
    "review",
    "failed",
    "SCORES_INVALID",
  ],
  [
    "settings that are not valid",
    {
      settingProblems: [
        { code: "VALIDATION_ERROR", key: "starcoder.x", kind: "unknown", message: "starcoder.x." },
      ],
    },
    "settings",
    "failed",
    "VALIDATION_ERROR",
  ],
  [
    "settings that contradict each other",
    settings({ "completion.delay": 900 }),
    "settings",
    "warning",
    "SETTINGS_CONFLICT",
  ],
  [
    "inline suggestions that are off in the editor",
    { facts: { ...facts, inlineSuggestEnabled: false } },
    "inlineSuggest",
    "failed",
    "EDITOR_SUGGESTIONS_OFF",
  ],
  [
    "another extension that completes",
    { facts: { ...facts, completionExtensions: [{ id: "a.b", name: "B", active: true }] } },
    "competitors",
    "warning",
    "EXTENSION_CONFLICT",
  ],
  [
    "settings that a workspace without trust makes in vain",
    { facts: { ...facts, trusted: false, workspaceSettings: ["model.path", "enabled"] } },
    "trust",
    "warning",
    "WORKSPACE_UNTRUSTED",
  ],
  [
    "a debugger's port that another program has",
    {
      ports: {
        inspectors: [{ port: 9229 }],
        useOf: () => Promise.resolve({ kind: "used", pid: 7, program: "node" }),
      },
    },
    "ports",
    "failed",
    "PORT_IN_USE",
  ],
  [
    "an address that is none",
    settings({ "remote.endpoints": [{ url: "http=//here:80", name: "a" }] }),
    "endpoint:a",
    "failed",
    "ENDPOINT_INVALID",
  ],
  [
    "a remote engine that cannot be reached",
    {
      ...settings({ "remote.endpoints": [{ url: "http://here:80", name: "a" }] }),
      probeEndpoint: () =>
        Promise.resolve({
          stages: [],
          warnings: [],
          models: [],
          fault: { code: "ENDPOINT_UNREACHABLE", message: "Nothing there." },
        }),
    },
    "endpoint:a",
    "failed",
    "ENDPOINT_UNREACHABLE",
  ],
  [
    "clocks that differ",
    {
      ...settings({ "remote.endpoints": [{ url: "http://here:80", name: "a" }] }),
      probeEndpoint: () =>
        Promise.resolve({
          stages: [],
          warnings: [{ code: "CLOCK_SKEW", message: "Its clock is 90 s behind." }],
          models: [],
        }),
    },
    "endpoint:a",
    "warning",
    "CLOCK_SKEW",
  ],
];

async function examine(changes: Partial<DoctorWorld>) {
  const world = { ...healthyWorld, ...changes };
  return runDoctor({ world, clock: createManualClock(), full: true });
}

describe("a check", () => {
  it.each(faults)("names %s", async (_, changes, name, status, code) => {
    const { ok, checks } = await examine(changes);
    const wrong = checks.filter((check) => check.status !== "ok" && check.status !== "skipped");
    expect(wrong).toMatchObject([{ name, status, ...(code === undefined ? {} : { code }) }]);
    expect(ok).toBe(status === "warning");
    expect(wrong[0]?.message).toMatch(/\S/);
    expect(wrong[0]?.remedy).toMatch(/\S/);
  });

  it("says of a missing native library what the loader said, and that the GPU is not known", async () => {
    const { checks } = await examine({
      probeBinding: () => Promise.resolve({ kind: "missing", reason: "no prebuilt binary" }),
    });
    const of = (name: string) => checks.find((check) => check.name === name);
    expect(of("binding")).toMatchObject({ status: "failed", code: "BINDING_MISSING" });
    expect(of("binding")?.message).toContain("no prebuilt binary");
    expect(of("gpu")?.status).toBe("skipped");
  });

  it("counts the GPU's memory where there is a GPU that the model fits into", async () => {
    const { checks } = await examine({
      probeBinding: () => Promise.resolve(gpu),
      system: { ...system, freeMemoryBytes: () => 1e8 },
    });
    const of = (name: string) => checks.find((check) => check.name === name);
    expect(of("gpu")).toMatchObject({
      status: "ok",
      message: "cuda: Some GPU, 23.0 GB of 24.0 GB free.",
    });
    expect(of("memory")).toMatchObject({ status: "ok" });
  });

  it("reads a home that cannot be written off both of its folders", async () => {
    const closed = new CodedError("HOME_NOT_WRITABLE", "EROFS");
    const { checks } = await examine({ home: { ...home, open: () => Promise.reject(closed) } });
    const failed = checks.filter(({ status }) => status === "failed");
    expect(failed).toMatchObject([
      { name: "home", code: "HOME_NOT_WRITABLE" },
      { name: "logs", code: "HOME_NOT_WRITABLE" },
    ]);
  });

  it.each<[string, Partial<DoctorWorld>, string]>([
    ["a lock that is being held", hosts({}, [{ path: "a", ageSeconds: 1, own: true }]), "host"],
    [
      "an inactive extension that completes",
      { facts: { ...facts, completionExtensions: [{ id: "a.b", name: "B", active: false }] } },
      "competitors",
    ],
    [
      "a workspace without trust that sets nothing",
      { facts: { ...facts, trusted: false } },
      "trust",
    ],
    [
      "a debugger of its own",
      {
        ports: {
          inspectors: [{ port: 9229, ownPid: 7 }],
          useOf: () => Promise.resolve({ kind: "used", pid: 7, program: "node" }),
        },
      },
      "ports",
    ],
  ])("is content with %s", async (_, changes, name) => {
    const { checks } = await examine(changes);
    expect(checks.find((check) => check.name === name)?.status).toBe("ok");
  });

  it("does not contact remote engines that an untrusted workspace names", async () => {
    let contacted = false;
    const { checks } = await examine({
      ...settings({ "remote.endpoints": [{ url: "http://here:80", name: "a" }] }),
      facts: { ...facts, trusted: false, workspaceSettings: ["remote.endpoints"] },
      probeEndpoint() {
        contacted = true;
        return Promise.resolve({ stages: [], warnings: [], models: [] });
      },
    });
    expect(checks.find(({ name }) => name === "endpoint:a")?.status).toBe("skipped");
    expect(contacted).toBe(false);
  });

  it("gives each remote engine a check of its own, even under one name, and hides passwords", async () => {
    const { checks } = await examine(
      settings({
        "remote.endpoints": [
          { url: "http://me:secret@here:8080/v1?key=hidden" },
          { url: "http://here:8080/other" },
        ],
      }),
    );
    const own = checks.filter(({ name }) => name.startsWith("endpoint:"));
    expect(own.map(({ name }) => name)).toEqual(["endpoint:here:8080", "endpoint:here:8080 2"]);
    expect(JSON.stringify(own)).not.toMatch(/secret|hidden/);
  });
});
