import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CodedError } from "../../../server/protocol/errors.ts";
import {
  noUsage,
  type AskParams,
  type GenerateResult,
  type Usage,
} from "../../../server/protocol/host.ts";
import { answering, modelDescription, readyState } from "../../support/fakeHost.ts";
import {
  fakeConfig,
  fakeEngine,
  reaches,
  smallRequest as request,
} from "../../support/localEngine.ts";

const never = new AbortController().signal;
const ignore = (): void => undefined;

const question: AskParams = {
  messages: [{ role: "user", text: "Why?" }],
  answerPrefix: "",
  maxTokens: 4,
  priority: "background",
};

describe("the local engine", () => {
  it("asks its host in words", async () => {
    const { engine } = fakeEngine([
      {
        ask: ({ messages }) =>
          Promise.resolve({
            text: `${messages[0]?.text ?? ""} So.`,
            finish: "stop",
            usage: noUsage,
          }),
      },
    ]);
    engine.start("background");
    await reaches(engine, "ready");
    expect(await engine.ask(question, never)).toMatchObject({
      kind: "done",
      value: { text: "Why? So.", finish: "stop" },
    });
  });

  it("settles a question as cancelled where the host says so", async () => {
    const { engine } = fakeEngine([{ ask: () => Promise.resolve(null) }]);
    engine.start("background");
    await reaches(engine, "ready");
    expect(await engine.ask(question, never)).toEqual({ kind: "cancelled" });
  });

  it("starts nothing by itself, answers at once that nothing is there, and starts then", async () => {
    const { engine, fakes } = fakeEngine();
    expect(engine.state.kind).toBe("stopped");
    const outcome = await engine.generate(request, ignore, never);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "MODEL_UNAVAILABLE" } });
    const { model } = await reaches(engine, "ready");
    expect(model.architecture).toBe("starcoder2");
    expect(fakes.launches).toBe(1);
  });

  it("streams the tokens of a generation to their own caller", async () => {
    const { engine } = fakeEngine([
      {
        async generate(params, send) {
          await Promise.resolve();
          send(`${JSON.stringify(params.prompt)} 1`);
          send(" 2");
          return { finish: "stop", usage: { ...noUsage, generatedTokens: 2 } };
        },
      },
    ]);
    engine.start("background");
    await reaches(engine, "ready");
    const texts: string[][] = [[], []];
    const outcomes = await Promise.all(
      ["a", "b"].map((text, index) =>
        engine.generate(
          { ...request, prompt: [{ text }], requestId: "same" },
          (token) => texts[index]?.push(token.text),
          never,
        ),
      ),
    );
    expect(texts).toEqual([
      ['[{"text":"a"}] 1', " 2"],
      ['[{"text":"b"}] 1', " 2"],
    ]);
    expect(outcomes[0]).toMatchObject({ kind: "done", value: { usage: { generatedTokens: 2 } } });
  });

  it("cancels in the host and tells what a cancelled generation cost", async () => {
    const { engine } = fakeEngine([
      {
        generate: (_params, send, token) =>
          new Promise((resolve) => {
            send("first");
            token.onCancellationRequested(() => {
              send("too late");
              resolve({ finish: "cancelled", usage: { ...noUsage, evaluatedTokens: 7 } });
            });
          }),
      },
    ]);
    engine.start("background");
    await reaches(engine, "ready");
    const abort = new AbortController();
    const texts: string[] = [];
    const onToken = ({ text }: { text: string }): void => {
      texts.push(text);
      abort.abort();
    };
    const outcome = await engine.generate(request, onToken, abort.signal);
    expect(outcome).toEqual({ kind: "cancelled", usage: { ...noUsage, evaluatedTokens: 7 } });
    expect(texts).toEqual(["first"]);
  });

  it("settles a cancelled call although the host says nothing", async () => {
    const { engine, clock } = fakeEngine([{ silent: true }]);
    engine.start("background");
    await reaches(engine, "ready");
    const abort = new AbortController();
    const outcome = engine.generate(request, ignore, abort.signal);
    abort.abort();
    clock.advance(100);
    expect(await outcome).toEqual({ kind: "cancelled" });
  });

  it("tells the cost of a call that settled as cancelled before the host could say it", async () => {
    let answer: (result: GenerateResult) => void = ignore;
    const generate = () => new Promise<GenerateResult>((resolve) => (answer = resolve));
    const { engine, clock } = fakeEngine([{ generate }]);
    engine.start("background");
    await reaches(engine, "ready");
    const abort = new AbortController();
    const told = new Promise<Usage>((resolve) => {
      void engine.generate(request, ignore, abort.signal, resolve).then((outcome) => {
        expect(outcome).toEqual({ kind: "cancelled" });
        answer({ finish: "cancelled", usage: { ...noUsage, evaluatedTokens: 7 } });
      });
    });
    await engine.health();
    abort.abort();
    clock.advance(100);
    expect(await told).toEqual({ ...noUsage, evaluatedTokens: 7 });
  });

  it("settles every pending call with HOST_DIED when the host dies, and starts another", async () => {
    const { engine, clock, fakes } = fakeEngine();
    engine.start("background");
    await reaches(engine, "ready");
    const pending = Array.from({ length: 20 }, () =>
      engine.generate(request, ignore, new AbortController().signal),
    );
    fakes.crash();
    for (const outcome of await Promise.all(pending)) {
      expect(outcome).toMatchObject({ kind: "failed", error: { code: "HOST_DIED" } });
    }
    expect(engine.state).toMatchObject({ kind: "restarting", retryInMs: 100 });
    const meanwhile = await engine.generate(request, ignore, never);
    expect(meanwhile).toMatchObject({ kind: "failed", error: { code: "MODEL_UNAVAILABLE" } });
    clock.advance(100);
    await reaches(engine, "ready");
    expect(fakes.launches).toBe(2);
  });

  it("settles calls with HOST_HUNG when nothing is heard for five seconds, and kills the host", async () => {
    const { engine, clock, fakes } = fakeEngine([{ silent: true }, {}]);
    engine.start("background");
    await reaches(engine, "ready");
    const { pid } = fakes.host;
    const pending = engine.generate(request, ignore, never);
    clock.advance(7500);
    expect(await pending).toMatchObject({ kind: "failed", error: { code: "HOST_HUNG" } });
    expect(fakes.ended).toEqual([pid]);
    clock.advance(100);
    await reaches(engine, "ready");
  });

  it("leaves a quiet host alone while nothing waits for it", async () => {
    const { engine, clock, fakes } = fakeEngine([{ silent: true }]);
    engine.start("background");
    await reaches(engine, "ready");
    clock.advance(600_000);
    expect(engine.state.kind).toBe("ready");
    expect(fakes.host.received).toEqual(["hello"]);
  });

  it("gives up after five deaths in three minutes until it is started explicitly", async () => {
    const { engine, clock, fakes } = fakeEngine();
    engine.start("background");
    const waits: number[] = [];
    for (let death = 1; death <= 4; death += 1) {
      await reaches(engine, "ready");
      fakes.crash();
      const { retryInMs } = await reaches(engine, "restarting");
      waits.push(retryInMs);
      clock.advance(retryInMs);
    }
    expect(waits).toEqual([100, 400, 1600, 6400]);
    await reaches(engine, "ready");
    fakes.crash();
    const { error } = await reaches(engine, "failed");
    expect(error.code).toBe("HOST_CRASH_LOOP");
    engine.start("background");
    expect(engine.state.kind).toBe("failed");
    expect(await engine.generate(request, ignore, never)).toMatchObject({
      kind: "failed",
      error: { code: "HOST_CRASH_LOOP" },
    });
    engine.start("explicit");
    await reaches(engine, "ready");
    fakes.crash();
    expect(await reaches(engine, "restarting")).toMatchObject({ retryInMs: 100 });
  });

  it("counts a host that dies before it listens", async () => {
    const { engine } = fakeEngine(["dies"]);
    engine.start("background");
    const { error } = await reaches(engine, "restarting");
    expect(error.code).toBe("HOST_DIED");
  });

  it("counts hosts that start and then refuse to serve, and gives up", async () => {
    const { engine, clock, fakes } = fakeEngine([{ refuse: "HOST_AUTH" }]);
    engine.start("background");
    for (let death = 1; death <= 4; death += 1) {
      const { error, retryInMs } = await reaches(engine, "restarting");
      expect(error.code).toBe("HOST_AUTH");
      clock.advance(retryInMs);
      expect(engine.state.kind).toBe("starting");
    }
    expect((await reaches(engine, "failed")).error.code).toBe("HOST_CRASH_LOOP");
    expect(fakes.launches).toBe(5);
  });

  it("does not retry a model that cannot be loaded, and tells the host to go", async () => {
    const error = new CodedError("MODEL_INVALID", "It is empty.").toData();
    const { engine, clock, fakes } = fakeEngine([{ state: { kind: "failed", error } }, {}]);
    engine.start("background");
    const failed = await reaches(engine, "failed");
    expect(failed.error.message).toBe(error.message);
    clock.advance(600_000);
    expect(fakes.launches).toBe(1);
    engine.start("explicit");
    await reaches(engine, "ready");
    expect(fakes.launches).toBe(2);
  });

  it("fails with MODEL_NOT_FOUND, and starts once the file is there", async () => {
    const { engine, config, folder } = fakeEngine();
    rmSync(config.modelPath);
    engine.start("background");
    expect((await reaches(engine, "failed")).error.code).toBe("MODEL_NOT_FOUND");
    fakeConfig(folder);
    engine.start("explicit");
    await reaches(engine, "ready");
  });

  it("serves from the old host until the new model is ready, and retires it then", async () => {
    const { engine, fakes, folder } = fakeEngine([
      { generate: () => Promise.resolve({ finish: "stop", usage: noUsage }) },
      { state: { kind: "loading" }, generate: answering() },
    ]);
    engine.start("background");
    await reaches(engine, "ready");
    const old = fakes.host;
    engine.setConfig(fakeConfig(folder, "other.gguf"));
    await expect.poll(() => fakes.launches).toBe(2);
    await expect.poll(() => fakes.host.received).toEqual(["hello"]);
    expect(await engine.generate(request, ignore, never)).toMatchObject({ kind: "done" });
    expect(engine.state.kind).toBe("ready");
    fakes.host.announce({ ...readyState, model: { ...modelDescription, name: "other" } });
    await expect.poll(() => old.received).toContain("retire");
    expect(engine.state).toMatchObject({ kind: "ready", model: { name: "other" } });
    await expect.poll(() => old.connections.size).toBe(0);
  });

  it("settles what runs and starts anew when it is restarted", async () => {
    const { engine, fakes } = fakeEngine();
    engine.start("background");
    await reaches(engine, "ready");
    const { pid } = fakes.host;
    const pending = engine.generate(request, ignore, never);
    await engine.restart();
    expect(engine.state.kind).toBe("starting");
    expect(await pending).toMatchObject({ kind: "failed", error: { code: "MODEL_UNAVAILABLE" } });
    await reaches(engine, "ready");
    expect(fakes.ended).toEqual([pid]);
    expect(fakes.launches).toBe(2);
  });

  it("comes back without counting a death when the host announces that it retires", async () => {
    const { engine, fakes } = fakeEngine();
    engine.start("background");
    await reaches(engine, "ready");
    const states: string[] = [];
    engine.onState(({ kind }) => states.push(kind));
    const old = fakes.host;
    old.announce({ kind: "retiring" });
    await reaches(engine, "starting");
    fakes.crash();
    await reaches(engine, "ready");
    expect(states).toEqual(["starting", "ready"]);
  });

  it("disconnects and settles what runs when it is disposed, and the host lives on", async () => {
    const { engine, fakes } = fakeEngine();
    engine.start("background");
    await reaches(engine, "ready");
    const pending = engine.generate(request, ignore, never);
    engine.dispose();
    expect(await pending).toMatchObject({ kind: "failed" });
    expect(engine.state.kind).toBe("stopped");
    expect(fakes.ended).toEqual([]);
    await expect.poll(() => fakes.host.connections.size).toBe(0);
    expect(await engine.generate(request, ignore, never)).toMatchObject({ kind: "failed" });
    expect(fakes.launches).toBe(1);
  });
});
