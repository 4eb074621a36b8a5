import { describe, expect, it } from "vitest";
import type { EndpointDescribed } from "../../../../server/health/endpoints/endpoint.ts";
import { runDoctor } from "../../../../server/health/doctor.ts";
import type { BindingProbe } from "../../../../server/health/probeBinding.ts";
import type { DoctorWorld } from "../../../../server/health/world.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import { createManualClock } from "../../../support/manualClock.ts";
import { facts, healthyWorld } from "../healthyWorld.ts";
import { machineFaults, settings } from "./machineFaults.ts";
import { hosts, serviceFaults } from "./serviceFaults.ts";

const { system, home } = healthyWorld;

const gpu: BindingProbe = {
  kind: "works",
  backend: "cuda",
  devices: ["Some GPU"],
  totalBytes: 24e9,
  usedBytes: 1e9,
  version: "b1",
};

async function examine(changes: Partial<DoctorWorld>) {
  const world = { ...healthyWorld, ...changes };
  return runDoctor({ world, clock: createManualClock(), full: true });
}

describe("a check", () => {
  it.each([...machineFaults, ...serviceFaults])(
    "names %s",
    async (_, changes, name, status, code) => {
      const { ok, checks } = await examine(changes);
      const wrong = checks.filter((check) => check.status !== "ok" && check.status !== "skipped");
      expect(wrong).toMatchObject([{ name, status, ...(code === undefined ? {} : { code }) }]);
      expect(ok).toBe(status === "warning");
      expect(wrong[0]?.message).toMatch(/\S/);
      expect(wrong[0]?.remedy).toMatch(/\S/);
    },
  );

  it("says of a missing native library what the loader said, and that the GPU is not known", async () => {
    const { checks } = await examine({
      probeBinding: () => Promise.resolve({ kind: "missing", reason: "no prebuilt binary" }),
    });
    const of = (name: string) => checks.find((check) => check.name === name);
    expect(of("binding")).toMatchObject({ status: "failed", code: "BINDING_MISSING" });
    expect(of("binding")?.message).toContain("no prebuilt binary");
    expect(of("gpu")?.status).toBe("skipped");
  });

  it("says of a native library that hangs that it took too long, and goes on without it", async () => {
    const { checks } = await examine({
      probeBinding: () => Promise.resolve({ kind: "missing", reason: "Too late.", hung: true }),
    });
    const of = (name: string) => checks.find((check) => check.name === name);
    expect(of("binding")).toMatchObject({ status: "failed", code: "TIMEOUT_ERROR" });
    expect(of("memory")?.status).toBe("ok");
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

  it("says what a remote engine is and lacks, and fails where it cannot be used though it answers", async () => {
    const known = { kind: "known", server: "llama-server", model: "some-coder" } as const;
    const checkOf = async (described: EndpointDescribed) => {
      const { checks } = await examine({
        ...settings({ "remote.endpoints": [{ url: "http://here:80", name: "a" }] }),
        describeEndpoint: () => Promise.resolve(described),
      });
      return checks.find(({ name }) => name === "endpoint:a");
    };
    const good = await checkOf({ ...known, fillsMiddle: true, limits: ["It has limits."] });
    expect(good?.status).toBe("ok");
    expect(good?.message).toContain(
      "llama-server with some-coder, which fills in the middle. It has limits.",
    );
    const plain = await checkOf({ ...known, fillsMiddle: false, limits: [] });
    expect(plain).toMatchObject({ status: "warning", code: "MODEL_NOT_FIM" });
    const useless = await checkOf({
      ...{ kind: "failed", code: "ENDPOINT_NOT_FOUND", message: "It completes nothing." },
    });
    expect(useless).toMatchObject({ status: "failed", code: "ENDPOINT_NOT_FOUND" });
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
