import { describe, expect, it } from "vitest";
import { toSteps } from "../../../server/completion/explain/steps.ts";
import { postprocess } from "../../../server/completion/postprocess/postprocess.ts";
import { curves } from "../../../server/completion/show/curves.ts";
import { gate } from "../../../server/completion/show/gate.ts";
import { createTrace, type Traced } from "../../../server/completion/explain/trace.ts";
import type { CompletedRequest, CompletionRequest } from "../../../server/completion/types.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { createFixture, noSyntax, plainJudgement, told } from "./support/createFixture.ts";
import { starCoder2 } from "./support/fakeEngine.ts";

type Options = Parameters<typeof createFixture>[0];

/** Asks at the `|` with a trace; time passes until there is an answer. */
async function traced(
  options: Options,
  marked: string,
  more: Partial<CompletionRequest> = {},
  script = "rest;\n",
) {
  const fixture = createFixture(options);
  fixture.engine.script = () => script;
  const { trace, events } = createTrace(fixture.clock);
  const answer = fixture.ask(marked, { trace, ...more });
  await fixture.clock.advance(5000);
  return { fixture, events, result: await answer, steps: toSteps(events, true) };
}

function stoppedBy(events: readonly Traced[]): string[] {
  return toSteps(events, false)
    .filter(({ outcome, name }) => outcome === "stopped" && name !== "result")
    .map(({ name }) => name);
}

describe("a trace", () => {
  it("tells the steps of a suggestion in their order, with times", async () => {
    const { steps, result } = await traced({}, "const a = |\n");
    expect(told(result)).toBe("model: rest;");
    expect(steps.map(({ name }) => name)).toEqual([
      "document",
      "position",
      "model",
      "purpose",
      "cache",
      "budget",
      "window",
      "prompt",
      "healing",
      "generation",
      "result",
      "times",
    ]);
    expect(steps.every(({ outcome }) => outcome !== "stopped")).toBe(true);
    const times = steps.map(({ atMs = NaN }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(steps.at(-1)?.detail).toMatch(/tokens\)/);
  });

  it.each<[string, Options, string, string, Partial<CompletionRequest>?]>([
    ["excluded", { dependencies: { refuse: () => "excluded" } }, "a|", "document"],
    ["too large", { dependencies: { refuse: () => "tooLarge" } }, "a|", "document"],
    ["binary near the cursor", {}, "a\0b|", "document"],
    [
      "in a comment",
      {
        settings: { comments: "off" },
        dependencies: { syntax: { ...noSyntax, placeAt: () => "comment" } },
      },
      "// a|",
      "comment",
    ],
    [
      "a model that cannot fill in the middle",
      { model: { ...starCoder2, specialTokens: [] } },
      "a|",
      "model",
    ],
  ])("names why there is none: %s", async (_, options, text, step) => {
    const { events, result } = await traced(options, text);
    expect(result.kind).not.toBe("suggestion");
    expect(stoppedBy(events)).toEqual([step]);
  });

  it("names a model that is not ready, with its failure", async () => {
    const fixture = createFixture();
    fixture.engine.setState({ kind: "failed", error: new CodedError("MODEL_NOT_FOUND", "x.gguf") });
    const { trace, events } = createTrace(fixture.clock);
    expect(told(await fixture.ask("a|", { trace }))).toBe("none: notReady");
    const [model] = toSteps(events, false).filter(({ name }) => name === "model");
    expect(model).toMatchObject({ outcome: "stopped" });
    expect(model?.detail).toContain("MODEL_NOT_FOUND");
  });

  it("names the filter that dropped what the model wrote, and what it changed before", async () => {
    const dependencies = { judgement: { ...plainJudgement, postprocess } };
    const { events, steps, result } = await traced({ dependencies }, "f(|\n", {}, "<fim_pad>a\n");
    expect(told(result)).toBe("none: empty");
    expect(stoppedBy(events)).toEqual(["filter.leakedTokens"]);
    expect(steps.find(({ name }) => name === "filter.leakedTokens")?.detail).toContain(
      '"<fim_pad>a" → ""',
    );
  });

  it("names the gate with probability and threshold", async () => {
    const [curve] = curves;
    if (curve === undefined) throw new Error("no curve");
    const judgement = {
      ...plainJudgement,
      gate: (query: Parameters<typeof plainJudgement.gate>[0]) => gate({ ...query, curve }),
    };
    const { events, steps, result } = await traced(
      { settings: { showThreshold: 1 }, dependencies: { judgement } },
      "const a = |\n",
    );
    expect(told(result)).toBe("none: gated");
    expect(stoppedBy(events)).toEqual(["gate"]);
    expect(steps.find(({ name }) => name === "gate")?.detail).toMatch(/\d+%.*100% are needed/);
  });

  it("names a model that wrote nothing", async () => {
    const { events } = await traced({}, "a = |\n", {}, "\n");
    expect(stoppedBy(events)).toEqual(["generation"]);
  });

  it("names the deadline", async () => {
    const { events, result } = await traced({ prefillMs: 3000 }, "a = |\n");
    expect(result.kind).toBe("none");
    const waited = events.filter(({ event }) => event.kind === "waited");
    expect(waited.map(({ event }) => event)).toEqual([{ kind: "waited", until: "deadline" }]);
  });

  it("says that the cache answered, and what the prompt would have been", async () => {
    const { fixture } = await traced({}, "const a = |\n");
    const { trace, events } = createTrace(fixture.clock);
    const result = await fixture.ask("const a = re|\n", { trace, explained: true });
    expect(told(result)).toBe("cache: st;");
    expect(fixture.engine.calls).toHaveLength(1);
    const cache = toSteps(events, true).find(({ name }) => name === "cache");
    expect(cache).toMatchObject({ outcome: "passed" });
    expect(cache?.detail).toContain("2 typed characters");
    const prompt = events.map(({ event }) => event).find(({ kind }) => kind === "prompt");
    expect(prompt).toMatchObject({ used: false, prepared: { kept: true } });
  });

  it("holds no source text in steps that are for the log", async () => {
    const { events } = await traced({}, "const secretName = |\n", {}, "hiddenValue;\n");
    const log = JSON.stringify(toSteps(events, false));
    expect(log).not.toContain("secretName");
    expect(log).not.toContain("hiddenValue");
  });
});

describe("a request that is explained", () => {
  it("waits past the deadline, is not counted, and computes nothing ahead", async () => {
    const fixture = createFixture({ prefillMs: 20, settings: { speculation: "on" } });
    fixture.engine.script = () => "rest;\n";
    const counted: CompletedRequest[] = [];
    fixture.completer.onCompleted((completed) => counted.push(completed));
    const { trace, events } = createTrace(fixture.clock);
    const marked = `${"// a long line above\n".repeat(4)}const a = |\n`;
    const answer = fixture.ask(marked, { trace, explained: true });
    await fixture.clock.advance(60_000);
    expect(told(await answer)).toBe("model: rest;");
    expect(counted).toEqual([]);
    expect(fixture.engine.calls).toHaveLength(1);
    // What it cost is known when it is answered.
    expect(events.at(-1)?.event).toMatchObject({ kind: "result", usage: { reusedTokens: 0 } });
  });

  it("previews exactly the prompt that the engine gets", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "rest;\n";
    const text = "function f(first) {\n  return first + \n}\n";
    const offset = text.indexOf("\n}");
    const document = {
      uri: "file:///a.ts",
      path: "a.ts",
      languageId: "typescript",
      version: 1,
      text,
    };
    const request = { document, offset, trigger: "automatic", requestId: "1" } as const;
    const preview = fixture.completer.preview(request);
    // Asking twice changes nothing.
    expect(fixture.completer.preview(request)).toEqual(preview);
    const answer = fixture.completer.complete(request, new AbortController().signal);
    await fixture.clock.advance(5000);
    await answer;
    expect(fixture.engine.calls[0]?.request.prompt).toEqual(preview?.prepared.prompt);
    expect(fixture.engine.calls[0]?.request.heal).toBe(preview?.prepared.heal);
  });
});

it("answers, asks and logs the same whether or not somebody traces", async () => {
  const run = async (isTraced: boolean) => {
    const fixture = createFixture();
    fixture.engine.script = () => "value + other;\n";
    const results: string[] = [];
    for (const typed of ["", "v", "va", "x", ""]) {
      const { trace } = createTrace(fixture.clock);
      const answer = fixture.ask(`const a = ${typed}|\n`, isTraced ? { trace } : {});
      await fixture.clock.advance(3000);
      results.push(told(await answer));
    }
    return { results, events: fixture.events, calls: fixture.engine.calls };
  };
  expect(await run(true)).toEqual(await run(false));
});
