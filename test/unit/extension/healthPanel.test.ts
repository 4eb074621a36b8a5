import { expect, it, vi } from "vitest";
import { createHealthRequests } from "../../../extension/views/healthRequests.ts";
import { viewServer } from "../../../extension/views/serverView.ts";
import type { CliCall, RunCli } from "../../../extension/runCli.ts";
import type { ServerState } from "../../../extension/supervise.ts";
import type { EditorFacts } from "../../../server/protocol/editorFacts.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { sampleHealth, sampleReport, statsWithoutSession } from "../media/samples.ts";
import { createFakeClock } from "./fakeClock.ts";

const facts = { server: { state: "failed" } } as EditorFacts;

interface World {
  state?: ServerState;
  request?: (method: string) => Promise<unknown>;
  cli?: (call: CliCall) => Promise<unknown>;
}

function make(world: World) {
  const clock = createFakeClock();
  const run = { request: (method: string) => world.request?.(method) ?? never() };
  const calls: CliCall[] = [];
  const progress: string[] = [];
  const runCli: RunCli = async (schema, call) => {
    calls.push(call);
    return schema.parse(await world.cli?.(call));
  };
  const requests = createHealthRequests({
    supervisor: {
      get state() {
        return world.state ?? { kind: "running" };
      },
      get running() {
        return world.request === undefined ? undefined : run;
      },
    },
    runCli,
    facts: () => facts,
    clock,
    onProgress: (line) => progress.push(line),
  });
  return { ...requests, clock, calls, progress };
}

const never = () => new Promise<never>(() => undefined);

it("passes on what the server says of its health", async () => {
  const { answer } = make({ request: () => Promise.resolve(sampleHealth) });
  expect(await answer("health", {})).toEqual(sampleHealth);
});

it("says where the server stands while none runs, with its code", async () => {
  const { answer } = make({ state: { kind: "failed", reason: "It ended." } });
  expect(await answer("health", {})).toMatchObject({
    serverState: "failed",
    error: { code: "SERVER_CRASH_LOOP", message: expect.stringContaining("It ended.") as string },
  });
});

it("has no error for a server that starts for the first time", () => {
  expect(viewServer({ kind: "starting" })).not.toHaveProperty("error");
  expect(viewServer({ kind: "restarting", reason: "Gone." }).error?.code).toBe("SERVER_DIED");
});

it("gives up on a server that does not answer after five seconds", async () => {
  const { answer, clock } = make({ request: never });
  const asked = answer("health", {});
  const settled = vi.fn();
  asked?.catch(settled);
  clock.advance(4_999);
  await Promise.resolve();
  expect(settled).not.toHaveBeenCalled();
  clock.advance(1);
  await expect(asked).rejects.toMatchObject({ code: "TIMEOUT_ERROR" });
});

it("says where the server stands when it ends while it is asked", async () => {
  const world: World = {
    request() {
      delete world.request;
      world.state = { kind: "restarting", reason: "It ended." };
      return Promise.reject(new Error("connection closed"));
    },
  };
  expect(await make(world).answer("health", {})).toMatchObject({ serverState: "restarting" });
});

it("keeps the code of a failure that the server answers with", async () => {
  const data = new CodedError("HOST_HUNG").toData();
  const request = () => Promise.reject(Object.assign(new Error("rpc"), { data }));
  await expect(make({ request }).answer("stats", {})).rejects.toMatchObject({ code: "HOST_HUNG" });
});

it("refuses an answer of another form instead of passing it on", async () => {
  const { answer } = make({ request: () => Promise.resolve({ services: 3 }) });
  await expect(answer("health", {})).rejects.toThrow();
});

it("reads the statistics by the command line while no server runs", async () => {
  const { answer, calls } = make({ cli: () => Promise.resolve(statsWithoutSession) });
  expect(await answer("stats", {})).toEqual(statsWithoutSession);
  expect(calls.map(({ args }) => args)).toEqual([["stats"]]);
});

it("diagnoses by the command line with what the editor knows, and tells how far it is", async () => {
  const { answer, calls, progress } = make({
    request: never,
    cli(call) {
      call.onNote?.("model: ok");
      return Promise.resolve(sampleReport);
    },
  });
  expect(await answer("diagnose", { full: true })).toEqual(sampleReport);
  expect(calls[0]).toMatchObject({ args: ["doctor", "--full"], facts });
  expect(progress).toEqual(["model: ok"]);
});

it("joins a second diagnosis of the same kind, and ends one of another kind", async () => {
  const { answer, calls } = make({ cli: never });
  void answer("diagnose", { full: false });
  void answer("diagnose", { full: false });
  expect(calls).toHaveLength(1);
  void answer("diagnose", { full: true });
  expect(calls).toHaveLength(2);
  expect(calls[0]?.signal?.aborted).toBe(true);
  expect(calls[1]?.signal?.aborted).toBe(false);
  await Promise.resolve();
});

it("ends a diagnosis that takes too long, and says so", async () => {
  const { answer, calls, clock } = make({ cli: never });
  const asked = answer("diagnose", { full: false });
  asked?.catch(() => undefined);
  clock.advance(60_000);
  await expect(asked).rejects.toMatchObject({ code: "TIMEOUT_ERROR" });
  expect(calls[0]?.signal?.aborted).toBe(true);
});

it("ends the diagnosis when the view is closed", () => {
  const { answer, calls, dispose } = make({ cli: never });
  void answer("diagnose", { full: false });
  dispose();
  expect(calls[0]?.signal?.aborted).toBe(true);
});

it("leaves other requests to others", () => {
  expect(make({}).answer("act", { action: "restart" })).toBeUndefined();
});
