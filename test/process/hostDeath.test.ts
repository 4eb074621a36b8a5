import { beforeAll, describe, expect, it } from "vitest";
import type { EngineOutcome, GenerateRequest, WeighRequest } from "../../server/engine/engine.ts";
import type { LocalEngine } from "../../server/engine/local/localEngine.ts";
import { readRunFile } from "../../server/state/runFile.ts";
import { reaches, temporaryFolder } from "../support/localEngine.ts";
import { buildBundles, kill, realEngine, realPaths } from "../support/realHost.ts";

const never = new AbortController().signal;
const ignore = (): void => undefined;

function request(text: string, maxTokens: number): GenerateRequest {
  return {
    prompt: [{ text }],
    heal: "",
    priority: "typing",
    maxTokens,
    sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
    stopTokens: [],
    stopStrings: [],
  };
}

/** Most of the bundled model's context, so that evaluating it takes a while. */
const longPrompt = Array.from({ length: 80 }, (_, line) => `const value${line} = ${line};`);

async function hostPid(engine: LocalEngine): Promise<number> {
  const health = await engine.health();
  if (health.kind !== "done") throw new Error(`no health: ${health.kind}`);
  return health.value.pid;
}

/** What is asked of a host at once; none of it may stay unsettled. */
function askMuch(engine: LocalEngine, text: string, onToken: () => void = ignore) {
  return Promise.all<EngineOutcome<unknown>>([
    engine.generate(request(text, 500), onToken, never),
    engine.generate({ ...request(`${text}\n`, 500), priority: "speculation" }, onToken, never),
    engine.warm({ prompt: [{ text: `${text}//` }], priority: "background" }, never),
    engine.score({ prefix: [{ text }], candidates: ["a", "b"], priority: "background" }, never),
    engine.weigh(weighing(text), onToken, never),
  ]);
}

function weighing(text: string): WeighRequest {
  const changes = [{ start: text.length - 2, end: text.length - 1, text: "2" }];
  return {
    prefix: [],
    text,
    from: 0,
    alternatives: [{ changes, site: 0, prior: 0 }],
    most: 1,
    mostPerSite: 1,
    leastFirst: -100,
    horizon: 100,
    giveUp: -100,
    priority: "background",
  };
}

async function comesBack(engine: LocalEngine, deadPid: number): Promise<void> {
  await reaches(engine, "ready");
  expect(await hostPid(engine)).not.toBe(deadPid);
  const outcome = await engine.generate(request("let a", 3), ignore, never);
  expect(outcome.kind).toBe("done");
}

describe("a host that is killed", { timeout: 120_000 }, () => {
  beforeAll(buildBundles, 120_000);

  it("while it loads is replaced, and requests meanwhile settle at once", async () => {
    const home = temporaryFolder();
    const engine = realEngine(home);
    engine.start("background");
    const { runFilePath } = realPaths(home);
    await expect
      .poll(() => readRunFile(runFilePath), { interval: 5, timeout: 60_000 })
      .toBeDefined();
    const pid = readRunFile(runFilePath)?.pid ?? 0;
    kill(pid);
    const outcome = await engine.generate(request("let a", 3), ignore, never);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "MODEL_UNAVAILABLE" } });
    await comesBack(engine, pid);
  });

  it("in prefill settles everything with HOST_DIED and is replaced", async () => {
    const engine = realEngine(temporaryFolder());
    engine.start("background");
    await reaches(engine, "ready");
    const pid = await hostPid(engine);
    const pending = askMuch(engine, longPrompt.join("\n"));
    kill(pid);
    for (const outcome of await pending) {
      expect(outcome).toMatchObject({ kind: "failed", error: { code: "HOST_DIED" } });
    }
    await comesBack(engine, pid);
  });

  it("in decode settles everything with HOST_DIED and is replaced", async () => {
    const engine = realEngine(temporaryFolder());
    engine.start("background");
    await reaches(engine, "ready");
    const pid = await hostPid(engine);
    let tokens = 0;
    const outcomes = await askMuch(engine, "let a = 1;", () => {
      tokens += 1;
      if (tokens === 3) kill(pid);
    });
    expect(tokens).toBeGreaterThanOrEqual(3);
    expect(outcomes[0]).toMatchObject({ kind: "failed", error: { code: "HOST_DIED" } });
    await comesBack(engine, pid);
  });

  it("by standing still settles everything with HOST_HUNG and is replaced", async () => {
    const engine = realEngine(temporaryFolder());
    engine.start("background");
    await reaches(engine, "ready");
    const pid = await hostPid(engine);
    process.kill(pid, "SIGSTOP");
    const outcome = await engine.generate(request("let a", 3), ignore, never);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "HOST_HUNG" } });
    await comesBack(engine, pid);
  });
});
