import { describe, expect, it } from "vitest";
import { createExplainer } from "../../../server/completion/explain/explainer.ts";
import { traceRequests } from "../../../server/compose/traceRequests.ts";
import type { ExplainTarget } from "../../../server/completion/explain/explainer.ts";
import { exclusionOf } from "../../../server/completion/context/excluded.ts";
import { explainSchema } from "../../../server/protocol/explain.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { defaultSettings, type Settings } from "../../../server/protocol/settings.ts";
import { createFixture } from "./support/createFixture.ts";

function setUp(options: { settings?: Partial<Settings>; script?: string } = {}) {
  const fixture = createFixture({
    dependencies: {
      refuse: (document) => (exclusionOf(document) === undefined ? undefined : "excluded"),
    },
  });
  const { engine, completer, clock } = fixture;
  engine.script = () => options.script ?? "rest;\n";
  const explainer = createExplainer({
    // A token for each character, as the fake engine counts.
    engine: {
      get state() {
        return engine.state;
      },
      tokenize: (texts) =>
        Promise.resolve({ kind: "done", value: texts.map((text) => text.split("").map(() => 1)) }),
    },
    completer,
    clock,
    syntax: { load: () => Promise.resolve(true) },
    settings: () => ({ ...defaultSettings, ...options.settings }),
    isStarter: () => false,
    now: () => new Date("2026-01-02T03:04:05Z"),
    processId: 7,
  });
  const target = (marked: string, more: Partial<ExplainTarget> = {}): ExplainTarget => {
    const offset = marked.indexOf("|");
    const document = {
      uri: "file:///p/a.ts",
      path: "a.ts",
      languageId: "typescript",
      version: 1,
      text: marked.replace("|", ""),
    };
    const place = { file: "/p/a.ts", offset, line: 1, column: offset + 1 };
    return { document, ...place, trigger: "automatic", ...more };
  };
  const explain = async (what: ExplainTarget, signal = new AbortController().signal) => {
    const answer = explainer.explain(what, signal);
    await clock.advance(70_000);
    return explainSchema.parse(await answer);
  };
  return { ...fixture, explainer, target, explain };
}

const names = (steps: readonly { readonly name: string }[]) => steps.map(({ name }) => name);

describe("an explanation", () => {
  it("holds suggestion, steps, prompt with counts, what was written, and the command line", async () => {
    const { target, explain, engine } = setUp();
    const record = await explain(target("const a = |\n"));
    expect(record).toMatchObject({
      suggestion: "rest;",
      requestId: "explain-7-1",
      summary: 'The suggestion here is "rest;".',
      command: "starcoder explain /p/a.ts:1:11 --model /models/any.gguf",
      generated: { text: "rest;" },
      actions: [],
      model: { family: "starcoder2" },
    });
    expect(names(record.steps).slice(0, 3)).toEqual(["document", "settings", "position"]);
    const { prompt, usage } = record;
    expect(prompt?.totalTokens).toBe((usage?.evaluatedTokens ?? 0) + (usage?.reusedTokens ?? 0));
    const sent = engine.calls[0]?.request.prompt ?? [];
    expect(prompt?.parts.map(({ kind, text }) => ({ [kind]: text }))).toEqual(sent);
    expect(prompt?.parts.map(({ role }) => role)).toEqual([
      "marker of prefix",
      "marker of suffix",
      "suffix",
      "marker of prefix",
      "prefix",
    ]);
  });

  it.each<[string, Partial<Settings>, string]>([
    ["disabled", { enabled: false }, "suggestions are off."],
    ["language", { languages: { typescript: false } }, "suggestions are off for typescript."],
  ])("says that it is off: %s", async (reason, settings, summary) => {
    const { target, explain, engine } = setUp({ settings });
    const record = await explain(target("a|"));
    expect(record).toMatchObject({ reason, actions: ["openSettings"], suggestion: null });
    expect(record.summary).toContain(summary);
    expect(record.steps.at(-1)).toMatchObject({ name: "settings", outcome: "stopped" });
    expect(engine.calls).toEqual([]);
  });

  it("says that the file holds secrets, and shows none of it", async () => {
    const { target, explain } = setUp();
    const what = target("KEY=hunter2|");
    const record = await explain({ ...what, document: { ...what.document, path: ".env" } });
    expect(record.reason).toBe("excluded");
    expect(record.steps[0]?.detail).toContain("secrets");
    expect(JSON.stringify(record)).not.toContain("hunter2");
  });

  it("answers at once without a model, with the failure and what helps", async () => {
    const { target, explainer, engine } = setUp();
    engine.setState({ kind: "failed", error: new CodedError("MODEL_NOT_FOUND", "x.gguf") });
    const { signal } = new AbortController();
    const record = await explainer.explain(target("a|"), signal);
    expect(record.error?.code).toBe("MODEL_NOT_FOUND");
    expect(record.reason).toBe("notReady");
    expect(record.actions.length).toBeGreaterThan(0);
    engine.setState({ kind: "starting" });
    const starting = await explainer.explain(target("a|"), signal);
    expect(starting).toMatchObject({ reason: "notReady", actions: ["health", "restart"] });
  });

  it("gives up on a model that never answers", async () => {
    const { target, explain, engine } = setUp();
    engine.generate = (_request, _onToken, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve({ kind: "cancelled" }));
      });
    const record = await explain(target("a|"));
    expect(record.error?.code).toBe("TIMEOUT_ERROR");
  });

  it("lists the editor's requests near the place, newest first, and none of its own", async () => {
    const fixture = setUp();
    const { target, explain, clock } = fixture;
    for (const text of ["const a = |\n", "const a = r|\n"]) {
      const answer = fixture.ask(text, { requestId: `key ${text.length}` });
      await clock.advance(3000);
      await answer;
    }
    const here = target("const a = r|\n");
    const document = { ...here.document, uri: "file:///a.ts" };
    await explain({ ...here, document });
    const record = await explain({ ...here, document });
    expect(record.earlier).toMatchObject([
      { requestId: "key 13", outcome: "suggestion (cache)", time: "2026-01-02T03:04:05.000Z" },
      { requestId: "key 12", outcome: "suggestion (model)" },
    ]);
    const far = { ...here, document, offset: 2000 };
    expect((await explain(far)).earlier).toEqual([]);
  });
});

describe("a prompt", () => {
  it("is not made of a file that is never sent", async () => {
    const { explainer, target } = setUp();
    const { document, ...place } = target("KEY=|\n");
    const secret = { ...place, document: { ...document, path: "app/.env" } };
    await expect(explainer.promptAt(secret)).rejects.toMatchObject({
      code: "DOCUMENT_UNSUPPORTED",
    });
    const record = await explainer.promptAt({ ...place, document });
    expect(record.totalTokens).toBeGreaterThan(0);
  });
});

describe("traces in the log", () => {
  it("are written while they are on, their text in a field of its own, and else not at all", async () => {
    const { completer, clock, target } = setUp();
    const lines: Record<string, unknown>[] = [];
    const tracing = { on: false };
    const log = {
      debug: (message: string, fields = {}) => void lines.push({ message, ...fields }),
    };
    const traced = traceRequests(completer, tracing, clock, log);
    const ask = async (requestId: string, marked: string) => {
      const { document, offset } = target(marked);
      const request = { document, offset, trigger: "automatic", requestId } as const;
      const answer = traced.complete(request, new AbortController().signal);
      await clock.advance(3000);
      await answer;
    };
    await ask("quiet", "const b = |\n");
    expect(lines).toEqual([]);
    tracing.on = true;
    await ask("loud", "const a = |\n");
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.every((line) => line["requestId"] === "loud")).toBe(true);
    const ofPrompt = ["budget", "window", "prompt", "healing"];
    const withText = lines.filter(({ step, text }) => ofPrompt.includes(String(step)) && text);
    expect(withText.map(({ step }) => step)).toEqual(["prompt"]);
    for (const line of lines) {
      expect(JSON.stringify({ ...line, text: "" })).not.toContain("const a");
    }
  });
});
