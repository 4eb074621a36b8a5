import { expect, test } from "vitest";
import { CodedError } from "../../../../../server/protocol/errors.ts";
import {
  balanceOver,
  breaksAfter,
  createFakeRemote,
  fails,
  gives,
  hangs,
  stallsAfter,
} from "../../../../support/fakeRemotes.ts";

const three = ["one", "two", "three"];

test("The same file goes to the same endpoint, different files to different ones", async () => {
  const { ask, pass, remotes } = balanceOver(three);
  for (let file = 0; file < 30; file += 1) {
    const before = remotes.map(({ asked }) => asked.length);
    for (let key = 0; key < 3; key += 1) {
      ask(`file:///${file}.ts`);
      await pass(50);
    }
    const after = remotes.map(({ asked }, index) => asked.length - (before[index] ?? 0));
    expect(after.sort()).toEqual([0, 0, 3]);
  }
  for (const { asked } of remotes) expect(asked.length).toBeGreaterThan(0);
});

test("Without a file, prompts that begin alike go to the same endpoint", async () => {
  const { ask, pass, remotes } = balanceOver(three);
  for (let key = 0; key < 4; key += 1) {
    ask(undefined, { prompt: [{ text: `${"the same beginning ".repeat(40)}${key}` }] });
    await pass(50);
  }
  expect(remotes.map(({ asked }) => asked.length).sort()).toEqual([0, 0, 4]);
});

test("A failed request is answered by the next endpoint, and the first is not left for it", async () => {
  const { ask, pass, homeOf, statusOf } = balanceOver(three);
  const [home, next] = await homeOf("a.ts");
  if (home !== undefined) home.answer = fails("ENDPOINT_FAILED");
  const asked = ask("a.ts");
  await pass(100);
  expect(asked.text).toBe("a b c ");
  expect(asked.outcome?.kind).toBe("done");
  expect(next?.asked.length).toBeLessThanOrEqual(1);
  expect(statusOf(home)).toMatchObject({ state: "up", failures: 1, inFlight: 0 });
});

test("After three failures an endpoint is ejected, and returns when it is well again", async () => {
  const { ask, pass, homeOf, statusOf } = balanceOver(three);
  const [home] = await homeOf("a.ts");
  if (home === undefined) throw new Error("no home");
  home.answer = fails("ENDPOINT_FAILED");
  for (let key = 0; key < 3; key += 1) {
    ask("a.ts");
    await pass(50);
  }
  expect(statusOf(home)).toMatchObject({ state: "ejected", error: { code: "ENDPOINT_FAILED" } });
  const before = home.asked.length;
  ask("a.ts");
  await pass(50);
  expect(home.asked.length).toBe(before);

  home.answer = gives("well again");
  await pass(1500);
  expect(home.checks).toBeGreaterThan(0);
  const asked = ask("a.ts");
  await pass(50);
  expect(asked.text).toBe("well again ");
  expect(statusOf(home)).toMatchObject({ state: "up", inFlight: 0 });
});

test("Half open, an endpoint gets one request at a time", async () => {
  const { ask, pass, homeOf } = balanceOver(three);
  const [home] = await homeOf("a.ts");
  if (home === undefined) throw new Error("no home");
  home.answer = fails("ENDPOINT_FAILED");
  for (let key = 0; key < 3; key += 1) {
    ask("a.ts");
    await pass(50);
  }
  home.answer = gives("a b c", { firstMs: 200 });
  await pass(1500);
  const before = home.asked.length;
  ask("a.ts");
  ask("a.ts");
  await pass(50);
  expect(home.asked.length).toBe(before + 1);
});

test("A busy endpoint is left alone for as long as it asks for", async () => {
  const { ask, pass, homeOf, statusOf } = balanceOver(three);
  const [home] = await homeOf("a.ts");
  if (home === undefined) throw new Error("no home");
  home.answer = fails("ENDPOINT_BUSY", 5000);
  const first = ask("a.ts");
  await pass(100);
  expect(first.outcome?.kind).toBe("done");
  expect(statusOf(home)).toMatchObject({ state: "ejected", error: { code: "ENDPOINT_BUSY" } });
  home.answer = gives("a b c");
  await pass(4000);
  ask("a.ts");
  await pass(50);
  expect(home.asked.length).toBe(1);
  await pass(1000);
  ask("a.ts");
  await pass(50);
  expect(home.asked.length).toBe(2);
});

test("A late endpoint has a rival: who gives a token first goes on, the other is cancelled", async () => {
  const { ask, pass, homeOf, remotes } = balanceOver(three);
  for (let key = 0; key < 30; key += 1) {
    ask(`${key}.ts`);
    await pass(40);
  }
  const [home] = await homeOf("a.ts");
  if (home === undefined) throw new Error("no home");
  home.answer = gives("too late", { firstMs: 3000 });
  const asked = ask("a.ts");
  await pass(240);
  expect(remotes.reduce((sum, remote) => sum + remote.asked.length, 0)).toBe(1);
  await pass(60);
  expect(asked.text).toBe("a b c ");
  expect(home.cancelled).toBe(1);
  expect(asked.outcome?.kind).toBe("done");
});

test("An endpoint that hangs costs one time limit, and none once it was asked in vain", async () => {
  const { ask, pass, homeOf, statusOf } = balanceOver(three);
  for (let key = 0; key < 30; key += 1) {
    ask(`${key}.ts`);
    await pass(40);
  }
  const [home] = await homeOf("a.ts");
  if (home === undefined) throw new Error("no home");
  home.answer = hangs;
  home.wellness = () => new Promise(() => undefined);
  const asked = ask("a.ts");
  await pass(300);
  expect(asked.text).toBe("a b c ");
  await pass(300);
  expect(statusOf(home)).toMatchObject({ state: "ejected", inFlight: 0 });
  const next = ask("a.ts");
  await pass(50);
  expect(next.text).toBe("a b c ");
});

test("Dying in mid-stream, it is gone on from at another one, which sees what was streamed", async () => {
  const { ask, pass, homeOf, remotes } = balanceOver(three);
  const [home, ...others] = await homeOf("a.ts");
  if (home === undefined) throw new Error("no home");
  home.answer = breaksAfter("let x =");
  for (const other of others) other.answer = gives("1 ;");
  const asked = ask("a.ts", { heal: "  ", prompt: [{ text: "{\n" }], maxTokens: 10 });
  await pass(200);
  expect(asked.text).toBe("let x = 1 ; ");
  expect(asked.outcome).toMatchObject({ kind: "done", value: { usage: { generatedTokens: 5 } } });
  const second = remotes.find((remote) => remote !== home && remote.asked.length > 0)?.asked[0];
  expect(second).toMatchObject({
    prompt: [{ text: "{\n" }, { text: "  let x = " }],
    heal: "",
    maxTokens: 7,
  });
});

test("Stalling in mid-stream, it is gone on from after one time limit", async () => {
  const { ask, pass, homeOf } = balanceOver(three);
  for (let key = 0; key < 30; key += 1) {
    ask(`${key}.ts`);
    await pass(40);
  }
  const [home, ...others] = await homeOf("a.ts");
  if (home === undefined) throw new Error("no home");
  home.answer = stallsAfter("let x =");
  for (const other of others) other.answer = gives("1 ;");
  const asked = ask("a.ts");
  await pass(350);
  expect(asked.text).toBe("let x = 1 ; ");
  expect(home.cancelled).toBe(1);
});

test("A request that any server would refuse is neither tried again nor held against anyone", async () => {
  const { ask, pass, remotes, statusOf } = balanceOver(three);
  for (const code of ["ENDPOINT_REFUSED", "CONTEXT_OVERFLOW", "VALIDATION_ERROR"] as const) {
    for (const remote of remotes) {
      remote.asked.length = 0;
      remote.answer = fails(code);
    }
    const asked = ask("a.ts");
    await pass(20);
    expect(asked.outcome).toMatchObject({ kind: "failed", error: { code } });
    expect(remotes.map(({ asked: all }) => all.length).sort()).toEqual([0, 0, 1]);
  }
  for (const remote of remotes)
    expect(statusOf(remote)).toMatchObject({ state: "up", failures: 0 });
});

test.each(["ENDPOINT_AUTH", "ENDPOINT_MODEL", "ENDPOINT_NOT_FOUND"] as const)(
  "After %s an endpoint has failed, and the others answer",
  async (code) => {
    const { ask, pass, homeOf, statusOf } = balanceOver(three);
    const [home] = await homeOf("a.ts");
    if (home === undefined) throw new Error("no home");
    home.answer = fails(code);
    const asked = ask("a.ts");
    await pass(100);
    expect(asked.text).toBe("a b c ");
    expect(statusOf(home)).toMatchObject({ state: "failed", error: { code } });
  },
);

test("An endpoint with another model than the others is not used", async () => {
  const { ask, pass, remotes, engine } = balanceOver(three, {
    models: [{ name: "other-coder-1b" }, {}, {}],
  });
  for (let key = 0; key < 20; key += 1) ask(`${key}.ts`);
  await pass(200);
  expect(remotes[0]?.asked).toEqual([]);
  expect(engine.status()[0]).toMatchObject({ state: "failed", error: { code: "ENDPOINT_MODEL" } });
  expect(engine.state).toMatchObject({ kind: "ready", model: { name: "some-coder-1b" } });
});

test("With all of one model down, those of another one are used, until one of the first is back", async () => {
  const { ask, pass, remotes, engine } = balanceOver(three, {
    models: [{ name: "other-coder-1b" }, {}, {}],
  });
  const ready = remotes[1]?.state;
  const error = new CodedError("ENDPOINT_UNREACHABLE");
  remotes[1]?.become({ kind: "restarting", error, retryInMs: 1000 });
  if (remotes[2] !== undefined) remotes[2].answer = fails("ENDPOINT_UNREACHABLE");
  const first = ask("a.ts");
  await pass(50);
  expect(first.text).toBe("a b c ");
  expect(engine.state).toMatchObject({ kind: "ready", model: { name: "other-coder-1b" } });
  expect(engine.status()).toMatchObject([
    { state: "up" },
    ...[1, 2].map(() => ({ state: "ejected", error: { code: "ENDPOINT_UNREACHABLE" } })),
  ]);
  if (ready !== undefined) remotes[1]?.become(ready);
  const next = ask("a.ts");
  await pass(50);
  expect(next.text).toBe("a b c ");
  expect(remotes.map(({ asked }) => asked.length)).toEqual([1, 1, 1]);
  expect(engine.state).toMatchObject({ kind: "ready", model: { name: "some-coder-1b" } });
});

test("Ejected, an endpoint with the model of the most is looked after, and that model comes back", async () => {
  const { ask, pass, remotes, engine } = balanceOver(["other", "one"], {
    models: [{}, { name: "other-coder-1b" }],
  });
  if (remotes[0] !== undefined) remotes[0].answer = fails("ENDPOINT_UNREACHABLE");
  ask("a.ts");
  await pass(50);
  expect(engine.state).toMatchObject({ kind: "ready", model: { name: "other-coder-1b" } });
  await pass(2000);
  expect(engine.state).toMatchObject({ kind: "ready", model: { name: "some-coder-1b" } });
});

test("Behind its one address there may be several servers: it has a second chance", async () => {
  const { ask, pass, remotes } = balanceOver(["only"]);
  const [only] = remotes;
  if (only === undefined) throw new Error("no endpoint");
  only.answer = (...call) => {
    only.answer = gives("b c");
    return breaksAfter("a")(...call);
  };
  const asked = ask("a.ts");
  await pass(100);
  expect(asked.text).toBe("a b c ");
});

test("Cancelled, a request ends at once, wherever it runs", async () => {
  const { ask, pass, remotes } = balanceOver(three);
  for (const remote of remotes) remote.answer = hangs;
  const asked = ask("a.ts");
  await pass(20);
  asked.cancel();
  await pass(10);
  expect(asked.outcome).toEqual({ kind: "cancelled" });
  expect(remotes.reduce((sum, { cancelled }) => sum + cancelled, 0)).toBe(1);
});

test("Endpoints come and go while requests run: those that stay are the same, those that go finish", async () => {
  const { engine, ask, pass, homeOf, remotes, clock } = balanceOver(three);
  const [home] = await homeOf("a.ts");
  if (home === undefined) throw new Error("no home");
  const asked = ask("a.ts");
  await pass(10);
  const added = createFakeRemote("four", clock);
  engine.setMembers([...remotes.filter((remote) => remote !== home), added]);
  expect(home.disposed).toBe(false);
  expect(added.state.kind).toBe("ready");
  await pass(100);
  expect(asked.text).toBe("a b c ");
  expect(home.disposed).toBe(true);
  expect(engine.status().map(({ name }) => name)).not.toContain(home.endpoint.name);
});

test("Idle endpoints are asked whether they are well; after disposal nobody is asked anything", async () => {
  const { engine, pass, remotes } = balanceOver(["one", "two"]);
  await pass(60_000);
  for (const remote of remotes) expect(remote.checks).toBeGreaterThanOrEqual(2);
  engine.dispose();
  const before = remotes.map(({ checks }) => checks);
  await pass(200_000);
  expect(remotes.map(({ checks }) => checks)).toEqual(before);
  for (const { disposed } of remotes) expect(disposed).toBe(true);
});
