import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { GenerateRequest } from "../../server/engine/engine.ts";
import type { LocalEngine } from "../../server/engine/local/localEngine.ts";
import { reaches, temporaryFolder } from "../support/localEngine.ts";
import {
  buildBundles,
  bundleProgram,
  endHostsOf,
  hostScript,
  hostsOf,
  kill,
  realConfig,
  realEngine,
  startProgram,
} from "../support/realHost.ts";

const never = new AbortController().signal;
const ignore = (): void => undefined;

function request(text: string, maxTokens: number): GenerateRequest {
  return {
    ...{ prompt: [{ text }], heal: "", priority: "typing", maxTokens },
    sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
    ...{ stopTokens: [], stopStrings: [] },
  };
}

async function healthOf(engine: LocalEngine) {
  const health = await engine.health();
  if (health.kind !== "done") throw new Error(`no health: ${health.kind}`);
  return health.value;
}

/** An engine that asks again and again, once it is ready, until it is told to stop. */
async function asking(engine: LocalEngine) {
  const outcomes: string[] = [];
  let stopped = false;
  engine.start("background");
  await reaches(engine, "ready");
  const loop = (async () => {
    while (!stopped) {
      const outcome = await engine.generate(request(`let a${outcomes.length}`, 8), ignore, never);
      outcomes.push(outcome.kind === "failed" ? outcome.error.code : outcome.kind);
    }
  })();
  return {
    outcomes,
    async stop(): Promise<void> {
      stopped = true;
      await loop;
    },
  };
}

describe("many windows on one host", { timeout: 120_000 }, () => {
  beforeAll(buildBundles, 120_000);

  it("go on when one is killed in the middle of its requests", async () => {
    const folder = temporaryFolder();
    const home = join(folder, "home");
    const program = await bundleProgram("engineProgram", folder);
    onTestFinished(() => endHostsOf(home));
    const config = JSON.stringify(realConfig);
    const { child } = await startProgram(program, [home, hostScript, config, "let a = "]);
    const engine = realEngine(home);
    engine.start("background");
    await reaches(engine, "ready");
    expect((await healthOf(engine)).queued).toBeGreaterThan(0);
    kill(child.pid ?? 0);
    await expect.poll(async () => (await healthOf(engine)).queued, { timeout: 10_000 }).toBe(0);
    const { clients, slots } = await healthOf(engine);
    expect(clients).toBe(1);
    expect(slots.some(({ busy }) => busy)).toBe(false);
    expect(await engine.generate(request("let a", 3), ignore, never)).toMatchObject({
      kind: "done",
    });
  });

  it("get their turns though one asks for much", async () => {
    const home = temporaryFolder();
    const [greedy, modest] = [realEngine(home), realEngine(home)];
    for (const engine of [greedy, modest]) engine.start("background");
    await Promise.all([greedy, modest].map((engine) => reaches(engine, "ready")));
    let tokens = 0;
    const stop = new AbortController();
    const flood = Array.from({ length: 6 }, (_, index) =>
      greedy.generate(request(`let a${index} = `, 900), () => (tokens += 1), stop.signal),
    );
    await expect.poll(() => tokens, { interval: 1 }).toBeGreaterThan(0);
    const before = tokens;
    for (let count = 0; count < 10; count += 1) {
      const outcome = await modest.generate(request(`let b${count}`, 8), ignore, never);
      expect(outcome.kind).toBe("done");
    }
    // Ten short requests pass between the first tokens of 5,400.
    expect(tokens - before).toBeLessThan(2000);
    stop.abort();
    await Promise.all(flood);
  });

  it("lose no request when a newer version's host takes the place of an older one", async () => {
    const home = temporaryFolder();
    const old = await asking(realEngine(home, realConfig, "1.0.0"));
    const [first = 0] = hostsOf(home);
    const engine = realEngine(home, realConfig, "1.1.0");
    const next = await asking(engine);
    await expect.poll(() => hostsOf(home), { timeout: 30_000 }).not.toContain(first);
    const count = old.outcomes.length;
    await expect.poll(() => old.outcomes.length).toBeGreaterThan(count);
    await Promise.all([old.stop(), next.stop()]);
    expect(new Set([...old.outcomes, ...next.outcomes])).toEqual(new Set(["done"]));
    expect(hostsOf(home)).toHaveLength(1);
    expect(await healthOf(engine)).toMatchObject({ hostVersion: "1.1.0", clients: 2 });

    const older = realEngine(home, realConfig, "1.0.0");
    older.start("background");
    await reaches(older, "ready");
    expect(await healthOf(older)).toMatchObject({ hostVersion: "1.1.0", clients: 3 });
  });

  it("free the model when nobody asks, and the next request is answered", async () => {
    const home = temporaryFolder();
    const config = { ...realConfig, unloadAfterSeconds: 1 };
    const [one, other] = [realEngine(home, config), realEngine(home, config)];
    for (const engine of [one, other]) engine.start("background");
    await Promise.all([one, other].map((engine) => reaches(engine, "unloaded")));
    const [pid] = hostsOf(home);
    expect((await healthOf(one)).modelBytes).toBeUndefined();
    const states: string[] = [];
    other.onState(({ kind }) => states.push(kind));
    const outcome = await one.generate(request("let a", 3), ignore, never);
    expect(outcome.kind).toBe("done");
    await expect.poll(() => states).toContain("ready");
    expect(hostsOf(home)).toEqual([pid]);
  });
});
