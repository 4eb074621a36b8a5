import { describe, expect, it } from "vitest";
import type { Check } from "../../../server/health/check.ts";
import { runDoctor } from "../../../server/health/doctor.ts";
import { doctorReportSchema } from "../../../server/protocol/records.ts";
import { createManualClock } from "../../support/manualClock.ts";
import { healthyWorld } from "./healthyWorld.ts";

function checkOf(name: string, run: Check["run"], traits: Partial<Check> = {}): Check {
  return { name, title: name, group: "machine", why: "Because.", run, ...traits };
}

const fine = () => ({ status: "ok", message: "" }) as const;

describe("the doctor", () => {
  it("finds nothing wrong with a healthy machine, each check under a name of its own", async () => {
    const report = await runDoctor({ world: healthyWorld, clock: createManualClock(), full: true });
    expect(doctorReportSchema.parse(report)).toEqual(report);
    const { ok, checks } = report;
    const wrong = checks.filter(({ status }) => status !== "ok");
    expect(wrong.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "ports skipped",
      "containers skipped",
    ]);
    expect(ok).toBe(true);
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
    expect(report).toMatchObject({ full: true, version: "1.0.0", platform: "linux-x64" });
  });

  it("leaves slow checks out unless they are asked for", async () => {
    const clock = createManualClock();
    const { checks } = await runDoctor({ world: healthyWorld, clock });
    const skipped = checks.filter(({ status }) => status === "skipped").map(({ name }) => name);
    expect(skipped).toEqual(["modelHash", "review", "ports", "containers"]);
  });

  it("skips what only the editor knows where there is no editor", async () => {
    const { facts, ...world } = healthyWorld;
    expect(facts).toBeDefined();
    const { ok, checks } = await runDoctor({ world, clock: createManualClock() });
    expect(ok).toBe(true);
    const ofEditor = checks.filter(({ group }) => group === "editor");
    expect(ofEditor.length).toBeGreaterThan(4);
    expect(new Set(ofEditor.map(({ status }) => status))).toEqual(new Set(["skipped"]));
  });

  it("lets a hung check time out alone and tells it to stop", async () => {
    const clock = createManualClock();
    let stopped = false;
    const hung = checkOf("hung", (_, signal) => {
      signal.addEventListener("abort", () => (stopped = true));
      return new Promise(() => undefined);
    });
    const checks = [hung, checkOf("fine", fine)];
    const running = runDoctor({ world: healthyWorld, clock, checks, timeoutMs: 5000 });
    await new Promise(setImmediate);
    clock.advance(5000);
    const report = await running;
    expect(report.ok).toBe(false);
    expect(report.checks).toMatchObject([
      { name: "hung", status: "timeout", code: "TIMEOUT_ERROR", durationMs: 5000 },
      { name: "fine", status: "ok" },
    ]);
    expect(stopped).toBe(true);
  });

  it("runs what must not be disturbed after all others, one at a time", async () => {
    const events: string[] = [];
    const slowly = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise(setImmediate);
      events.push(`${name} ends`);
      return fine();
    };
    const checks = [
      checkOf("alone", slowly("alone"), { alone: true }),
      checkOf("last", slowly("last"), { alone: true }),
      checkOf("a", slowly("a")),
      checkOf("b", slowly("b")),
    ];
    const clock = createManualClock();
    const report = await runDoctor({ world: healthyWorld, clock, checks });
    expect(events).toEqual([
      ...["a begins", "b begins", "a ends", "b ends"],
      ...["alone begins", "alone ends", "last begins", "last ends"],
    ]);
    expect(report.checks.map(({ name }) => name)).toEqual(["alone", "last", "a", "b"]);
  });

  it("takes a check that throws for a failed one", async () => {
    const checks = [checkOf("broken", () => Promise.reject(new Error("Oh.")))];
    const clock = createManualClock();
    const { ok, checks: found } = await runDoctor({ world: healthyWorld, clock, checks });
    expect(ok).toBe(false);
    expect(found).toMatchObject([{ status: "failed", code: "INTERNAL_ERROR" }]);
  });

  it("offers what does the remedy, save the doctor itself", async () => {
    const failing = checkOf("binding", () => ({
      status: "failed",
      code: "BINDING_MISSING",
      message: "It is not there.",
    }));
    const clock = createManualClock();
    const { checks } = await runDoctor({ world: healthyWorld, clock, checks: [failing] });
    expect(checks[0]?.remedy).toMatch(/^Rebuild/);
    expect(checks[0]?.fixes).toEqual([
      { action: "rebuild", label: "Rebuild", cli: "starcoder rebuild" },
      { action: "showLog", label: "Show Logs", cli: "starcoder logs" },
    ]);
  });
});
