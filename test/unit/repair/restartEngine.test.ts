import { describe, expect, it } from "vitest";
import { fakeEngine, reaches } from "../../support/localEngine.ts";

const prompt = {
  requestId: "1",
  prompt: [{ text: "a" }],
  heal: "",
  priority: "typing" as const,
  maxTokens: 1,
  sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
  stopTokens: [],
  stopStrings: [],
};

describe("restarting the host", () => {
  it("twice at once ends one host and starts one", async () => {
    const { engine, fakes } = fakeEngine();
    engine.start("background");
    await reaches(engine, "ready");
    const { pid } = fakes.host;
    await Promise.all([engine.restart(), engine.restart()]);
    await reaches(engine, "ready");
    expect(fakes.ended).toEqual([pid]);
    expect(fakes.launches).toBe(2);
    expect(fakes.host.pid).not.toBe(pid);
  });

  it("ends one that is loading its model", async () => {
    const { engine, fakes } = fakeEngine([{ state: { kind: "loading" } }, {}]);
    engine.start("background");
    await expect
      .poll(async () => (await engine.health()).kind, { timeout: 5000, interval: 5 })
      .toBe("done");
    const { pid } = fakes.host;
    await engine.restart();
    await reaches(engine, "ready");
    expect(fakes.ended).toEqual([pid]);
  });

  it("settles what waits for it, and counts no crash", async () => {
    const { engine } = fakeEngine();
    engine.start("background");
    await reaches(engine, "ready");
    const states: string[] = [];
    engine.onState(({ kind }) => states.push(kind));
    const pending = engine.generate(prompt, () => undefined, new AbortController().signal);
    await engine.restart();
    expect(await pending).toMatchObject({ kind: "failed", error: { code: "MODEL_UNAVAILABLE" } });
    await reaches(engine, "ready");
    expect(states).toEqual(["starting", "ready"]);
  });
});
