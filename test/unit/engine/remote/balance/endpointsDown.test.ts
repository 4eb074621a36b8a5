import { expect, test } from "vitest";
import type { EngineState } from "../../../../../server/engine/engine.ts";
import { CodedError } from "../../../../../server/protocol/errors.ts";
import { balanceOver, createFakeRemote, fails, gives } from "../../../../support/fakeRemotes.ts";
import { createManualClock } from "../../../../support/manualClock.ts";

const unreachable = new CodedError("ENDPOINT_UNREACHABLE", "Nothing listens.");
const away: EngineState = { kind: "restarting", error: unreachable, retryInMs: 1000 };

test("All down, a request fails at once with each one's reason and when they are tried again", async () => {
  const { ask, pass, remotes, engine } = balanceOver(["one", "two"]);
  for (const remote of remotes) remote.become(away);
  expect(engine.state).toMatchObject({ kind: "restarting", error: { code: "ENDPOINTS_DOWN" } });
  const asked = ask("a.ts");
  await pass(0);
  expect(asked.outcome).toMatchObject({
    kind: "failed",
    error: { code: "ENDPOINTS_DOWN", retryAfterMs: 1000 },
  });
  const text = JSON.stringify(asked.outcome?.kind === "failed" && asked.outcome.error.message);
  expect(text).toContain("one: A remote engine cannot be reached. Nothing listens.");
  expect(text).toContain("two: ");
});

test("One that comes back answers, and the state says so once", async () => {
  const { ask, pass, remotes, engine } = balanceOver(["one", "two"]);
  const ready = remotes[0]?.state;
  for (const remote of remotes) remote.become(away);
  const told: string[] = [];
  engine.onState(({ kind }) => told.push(kind));
  if (ready !== undefined) remotes[0]?.become(ready);
  const asked = ask("a.ts");
  await pass(100);
  expect(asked.text).toBe("a b c ");
  expect(told).toEqual(["ready"]);
});

test("All refuse the key: failed for good, until it is asked for explicitly", async () => {
  const { ask, pass, remotes, engine } = balanceOver(["one", "two"]);
  for (const remote of remotes) remote.answer = fails("ENDPOINT_AUTH");
  const asked = ask("a.ts");
  await pass(50);
  expect(asked.outcome).toMatchObject({ kind: "failed", error: { code: "ENDPOINTS_DOWN" } });
  expect(engine.state).toMatchObject({ kind: "failed", error: { code: "ENDPOINTS_DOWN" } });
  for (const remote of remotes) remote.answer = gives("a b c");
  engine.start("explicit");
  await pass(10);
  expect(engine.state.kind).toBe("ready");
});

test("While endpoints have not answered for the first time, it is starting, for five seconds", async () => {
  const { remotes, engine, pass } = balanceOver(["one"]);
  remotes[0]?.become({ kind: "starting" });
  expect(engine.state.kind).toBe("starting");
  await pass(6000);
  expect(engine.state).toMatchObject({ kind: "restarting", error: { code: "ENDPOINTS_DOWN" } });
});

test("The local model is loaded when all are down, said so meanwhile, and answers", async () => {
  const clock = createManualClock();
  const local = createFakeRemote("local", clock, { name: "local-coder" });
  const ready = readyOf(local);
  local.start = () => local.become({ kind: "starting" });
  const { ask, pass, remotes, engine, clock: own } = balanceOver(["one"], { fallback: local });
  expect(local.state.kind).toBe("stopped");
  remotes[0]?.become(away);
  expect(engine.state).toMatchObject({
    kind: "starting",
    why: expect.stringContaining("local") as string,
  });
  const early = ask("a.ts");
  await pass(10);
  expect(early.outcome).toMatchObject({ kind: "failed", error: { code: "ENDPOINTS_DOWN" } });

  local.become(ready);
  expect(engine.state).toMatchObject({
    kind: "ready",
    model: { name: "local-coder" },
    backend: { requested: "remote", fallbackReason: expect.stringContaining("one: ") as string },
  });
  local.answer = (_, ...call) => gives("from here")(own, ...call);
  const asked = ask("a.ts");
  await pass(100);
  expect(asked.text).toBe("from here ");
});

test("The local model is not loaded while any endpoint is up", async () => {
  const local = createFakeRemote("local", createManualClock());
  const { remotes, pass } = balanceOver(["one", "two"], { fallback: local });
  remotes[0]?.become(away);
  await pass(10_000);
  expect(local.state.kind).toBe("stopped");
});

test("The last endpoint goes while it is asked: a local model that is there answers instead", async () => {
  const local = createFakeRemote("local", createManualClock());
  const { ask, pass, remotes, clock } = balanceOver(["one"], { fallback: local });
  local.become(readyOf(local));
  local.answer = (_, ...call) => gives("from here")(clock, ...call);
  if (remotes[0] !== undefined) remotes[0].answer = fails("ENDPOINT_UNREACHABLE");
  const asked = ask("a.ts");
  await pass(100);
  expect(asked.text).toBe("from here ");
});

test("Started anew, endpoints are given time to answer before the local model is loaded", async () => {
  const local = createFakeRemote("local", createManualClock());
  const { remotes, engine, pass } = balanceOver(["one"], { fallback: local });
  await pass(6000);
  const [one] = remotes;
  if (one === undefined) throw new Error("no endpoint");
  one.restart = () => {
    one.become({ kind: "starting" });
    return Promise.resolve();
  };
  await engine.restart();
  expect(engine.state.kind).toBe("starting");
  expect(local.state.kind).toBe("stopped");
});

test("A prompt of one model is not given to another one that cannot read it", async () => {
  const clock = createManualClock();
  const local = createFakeRemote("local", clock, { specialTokens: ["<PRE>"] });
  const { ask, pass, remotes } = balanceOver(["one"], { fallback: local });
  const [one] = remotes;
  if (one === undefined) throw new Error("no endpoint");
  local.become(readyOf(local));
  one.answer = (...call) => {
    one.become(away);
    return fails("ENDPOINT_UNREACHABLE")(...call);
  };
  const asked = ask("a.ts", { prompt: [{ special: "<fim_prefix>" }, { text: "let a" }] });
  await pass(50);
  expect(asked.outcome).toMatchObject({ kind: "failed", error: { code: "ENDPOINTS_DOWN" } });
  expect(local.asked).toEqual([]);
});

test("Who answers changes nothing about the model: its description stays while endpoints come and go", async () => {
  const { remotes, engine, pass } = balanceOver(["one", "two"], {
    models: [{ contextSize: 8192 }, { contextSize: 4096, path: "elsewhere" }],
  });
  const told: EngineState[] = [];
  engine.onState((state) => told.push(state));
  const ready = remotes[0]?.state;
  remotes[0]?.become(away);
  if (ready !== undefined) remotes[0]?.become(ready);
  await pass(10);
  expect(told).toEqual([]);
  expect(engine.state).toMatchObject({ model: { path: "some-coder-1b", contextSize: 4096 } });
});

function readyOf(fake: ReturnType<typeof createFakeRemote>): EngineState {
  const other = createFakeRemote("other", createManualClock());
  other.start("background");
  const { state } = other;
  if (state.kind !== "ready") throw new Error("it is not ready");
  const specialTokens = fake.endpoint.name === "local" ? ["<PRE>"] : [];
  return { ...state, model: { ...state.model, name: "local-coder", specialTokens } };
}
