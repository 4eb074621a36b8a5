import { describe, expect, it } from "vitest";
import { CodedError } from "../../../server/protocol/errors.ts";
import {
  createFixture,
  noSyntax,
  plainJudgement,
  told,
  type Fixture,
} from "./support/createFixture.ts";
import { ready, starCoder2 } from "./support/fakeEngine.ts";

async function settled(fixture: Fixture, marked: string, more = {}): Promise<string> {
  const result = fixture.ask(marked, more);
  await fixture.clock.advance(2000);
  return told(await result);
}

describe("completing", () => {
  it("suggests what the model writes", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "(a, b);\nmore";
    expect(await settled(fixture, "call|\n")).toBe("model: (a, b);");
  });

  it("makes no model call for typing through, backspacing and coming back", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "urn value;\n";
    expect(await settled(fixture, "let x;\nret|\n}")).toBe("model: urn value;");
    expect(await settled(fixture, "let x;\nretu|\n}")).toBe("cache: rn value;");
    expect(await settled(fixture, "let x;\nreturn v|\n}")).toBe("cache: alue;");
    expect(await settled(fixture, "let x;\nretu|\n}")).toBe("cache: rn value;");
    expect(await settled(fixture, "let x;\nret|\n}")).toBe("cache: urn value;");
    expect(await settled(fixture, "// new\nlet x;\nret|\n}")).toBe("model: urn value;");
    expect(fixture.engine.calls).toHaveLength(2);
  });

  it("asks the model again when text that it saw has changed", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "one\n";
    await settled(fixture, "a = |\nb");
    await settled(fixture, "a = |\nc");
    await settled(fixture, "b = |\nb");
    expect(fixture.engine.calls).toHaveLength(3);
  });

  it("remembers what was gated too, and gates what is left of it anew", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "BAD good\n";
    expect(await settled(fixture, "x = |")).toBe("none: gated");
    expect(await settled(fixture, "x = |")).toBe("none: gated");
    expect(await settled(fixture, "x = BAD|")).toBe("cache:  good");
    expect(fixture.engine.calls).toHaveLength(1);
  });

  it("asks anew where all of a suggestion was typed", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "ab\n";
    await settled(fixture, "x|");
    expect(await settled(fixture, "xab|")).toBe("model: ab");
  });

  it("uses no cache where it is off", async () => {
    const fixture = createFixture({ settings: { cache: false } });
    fixture.engine.script = () => "ab\n";
    await settled(fixture, "x|");
    expect(await settled(fixture, "x|")).toBe("model: ab");
  });

  it("answers within the deadline with the line so far and goes on for the next key", async () => {
    const fixture = createFixture({ settings: { deadlineMs: 100 } });
    fixture.engine.script = () => "first second third\n";
    const early = fixture.ask("x = |");
    await fixture.clock.advance(105);
    expect(told(await early)).toBe("model: first");
    const next = fixture.ask("x = f|");
    await fixture.clock.advance(99);
    expect(told(await next)).toBe("joined: irst second third");
    expect(fixture.engine.calls).toHaveLength(1);
  });

  it("answers empty at the deadline where nothing is written yet", async () => {
    const fixture = createFixture({ prefillMs: 1000, settings: { deadlineMs: 100 } });
    const result = fixture.ask("x = |");
    await fixture.clock.advance(100);
    expect(told(await result)).toBe("none: deadline");
  });

  it("says when a request that its deadline had answered empty has a suggestion after all", async () => {
    const fixture = createFixture({ prefillMs: 50, settings: { deadlineMs: 100 } });
    fixture.engine.script = () => "first second third\n";
    const late: number[] = [];
    fixture.completer.onLate(({ offset }) => late.push(offset));
    const result = fixture.ask("x = |");
    await fixture.clock.advance(100);
    expect(told(await result)).toBe("none: deadline");
    expect(late).toEqual([]);
    await fixture.clock.advance(2000);
    expect(late).toEqual([4]);
    expect(await settled(fixture, "x = |")).toBe("cache: first second third");
  });

  it("says when the model is ready that a request had come too early for it", async () => {
    const fixture = createFixture();
    const late: number[] = [];
    fixture.completer.onLate(({ offset }) => late.push(offset));
    fixture.engine.setState({ kind: "starting" });
    expect(await settled(fixture, "x = |")).toBe("none: notReady");
    expect(late).toEqual([]);
    fixture.engine.setState(ready(starCoder2));
    expect(late).toEqual([4]);
    fixture.engine.setState(ready(starCoder2));
    expect(late).toEqual([4]);
  });

  it("wakes a model that was unloaded, and says when it is back", async () => {
    const fixture = createFixture();
    const late: number[] = [];
    const starts: string[] = [];
    fixture.engine.start = (reason) => void starts.push(reason);
    fixture.completer.onLate(({ offset }) => late.push(offset));
    const { model, backend } = ready(starCoder2);
    fixture.engine.setState({ kind: "unloaded", model, backend, why: "idle" });
    expect(await settled(fixture, "x = |")).toBe("none: notReady");
    expect(starts).toEqual(["background"]);
    fixture.engine.setState({ kind: "starting" });
    fixture.engine.setState(ready(starCoder2));
    expect(late).toEqual([4]);
  });

  it("waits for the end when invoked", async () => {
    const fixture = createFixture({ settings: { deadlineMs: 50 } });
    fixture.engine.script = () => "first second third\n";
    expect(await settled(fixture, "x = |", { trigger: "invoked" })).toBe(
      "model: first second third",
    );
  });

  it("joins a running generation for keys it agrees with, even ahead of it", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "alpha beta\n";
    const first = new AbortController();
    const cancelled = fixture.ask("x = |", {}, first.signal);
    await fixture.clock.advance(15);
    first.abort();
    const ahead = fixture.ask("x = alp|");
    await fixture.clock.advance(500);
    expect(told(await cancelled)).toBe("none: cancelled");
    expect(told(await ahead)).toBe("joined: ha beta");
    expect(fixture.engine.calls).toHaveLength(1);
  });

  it("aborts at once what a key departs from", async () => {
    const fixture = createFixture();
    fixture.engine.script = ({ heal }) => (heal.includes("z") ? "zz\n" : "alpha beta\n");
    const first = fixture.ask("x = |");
    await fixture.clock.advance(35);
    const second = fixture.ask("x = z|");
    expect(fixture.engine.calls[0]?.aborted).toBe(true);
    await fixture.clock.advance(500);
    expect(told(await first)).toBe("none: cancelled");
    expect(told(await second)).toBe("model: zz");
  });

  it("starts afresh when the generation it waited for departs from what was typed", async () => {
    const fixture = createFixture();
    fixture.engine.script = ({ heal }) => (heal.includes("z") ? "zz\n" : "alpha beta\n");
    void fixture.ask("x = |");
    const second = fixture.ask("x = z|");
    await fixture.clock.advance(500);
    expect(told(await second)).toBe("model: zz");
    expect(fixture.engine.calls.map((call) => call.aborted)).toEqual([true, true]);
  });

  it("ends a cancelled generation that nobody joins", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "a".repeat(64);
    const controller = new AbortController();
    const result = fixture.ask("x = |", {}, controller.signal);
    await fixture.clock.advance(20);
    controller.abort();
    await fixture.clock.advance(260);
    expect(told(await result)).toBe("none: cancelled");
    expect(fixture.engine.calls[0]?.aborted).toBe(true);
  });

  it("stops the engine as soon as the line is complete", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => `ab\n${"c".repeat(50)}`;
    const result = fixture.ask("x = |");
    await fixture.clock.advance(45);
    expect(told(await result)).toBe("model: ab");
    expect(fixture.engine.calls[0]?.aborted).toBe(true);
  });

  it("says when a model cannot fill in the middle", async () => {
    const fixture = createFixture({ model: { ...starCoder2, specialTokens: ["<|endoftext|>"] } });
    expect(await settled(fixture, "|")).toBe("failed: MODEL_NOT_FIM");
  });

  it("fails only for an explicit invoke while no model is ready", async () => {
    const fixture = createFixture();
    fixture.engine.setState({ kind: "failed", error: new CodedError("HOST_CRASH_LOOP") });
    expect(await settled(fixture, "a|")).toBe("none: notReady");
    expect(await settled(fixture, "a|", { trigger: "invoked" })).toBe("failed: HOST_CRASH_LOOP");
  });

  it("suggests in comments as the setting says", async () => {
    const syntax = { ...noSyntax, placeAt: () => "comment" as const };
    const fixture = createFixture({ settings: { comments: "manual" }, dependencies: { syntax } });
    fixture.engine.script = () => "text\n";
    expect(await settled(fixture, "// a|")).toBe("none: inComment");
    expect(await settled(fixture, "// a|", { trigger: "invoked" })).toBe("model: text");
  });

  it("suggests only what begins with the selected item", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "ById(1)\n";
    const selected = { text: "getById", start: 2, end: 5 };
    expect(await settled(fixture, "a.get|", { selected })).toBe("model: getById(1)");
    expect(await settled(fixture, "a.get|", { selected: { ...selected, text: "getAll" } })).toBe(
      "none: empty",
    );
  });

  it("forgets what was generated with other settings or by another model", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "one\n";
    await settled(fixture, "x = |");
    fixture.settings = { ...fixture.settings, temperature: 0.5 };
    expect(await settled(fixture, "x = |")).toBe("model: one");
    fixture.engine.setState(ready({ ...starCoder2, path: "/models/other.gguf" }));
    expect(await settled(fixture, "x = |")).toBe("model: one");
  });

  it("answers with a code when a part of it throws", async () => {
    const judgement = {
      ...plainJudgement,
      postprocess: () => {
        throw new Error("broken");
      },
    };
    const fixture = createFixture({ dependencies: { judgement } });
    fixture.engine.script = () => "one\n";
    expect(await settled(fixture, "x = |")).toBe("failed: INTERNAL_ERROR");
  });

  it("settles a hundred requests at once with one generation a document", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "one\n";
    const all = Array.from({ length: 100 }, () => fixture.ask("x = |"));
    await fixture.clock.advance(1000);
    expect(new Set((await Promise.all(all)).map(told))).toEqual(
      new Set(["model: one", "joined: one"]),
    );
    expect(fixture.engine.calls).toHaveLength(1);
  });

  it("suggests nothing after a generation that the engine gave up", async () => {
    const fixture = createFixture();
    fixture.engine.generate = (_, onToken) => {
      onToken({ text: "half", logProbability: 0 });
      return Promise.resolve({ kind: "cancelled" });
    };
    expect(await settled(fixture, "x = |")).toBe("none: cancelled");
  });

  it("keeps CRLF documents' suggestions while they are typed through", async () => {
    const judgement = {
      ...plainJudgement,
      createStop: () => ({ push: (text: string) => ({ done: false, text }) }),
    };
    const fixture = createFixture({ dependencies: { judgement } });
    fixture.engine.script = () => "a;\nb;";
    expect(await settled(fixture, "x|\r\ny")).toBe("model: a;\r\nb;");
    expect(await settled(fixture, "xa;\r\n|\r\ny")).toBe("cache: b;");
  });

  it("leaves binary text alone", async () => {
    const fixture = createFixture();
    expect(await settled(fixture, "a\0b|")).toBe("none: excluded");
    expect(fixture.engine.calls).toHaveLength(0);
  });

  it("shrinks a prompt that the engine refuses as too long and tries again", async () => {
    const fixture = createFixture({ model: { ...starCoder2, contextSize: 1024 } });
    fixture.engine.script = () => "ok\n";
    // The engine counts a token per character, the budget guesses three characters per token.
    expect(await settled(fixture, `${"const a = 1;\n".repeat(500)}|`)).toBe("model: ok");
    expect(fixture.engine.calls).toHaveLength(2);
  });

  it("computes what follows a shown suggestion, and typing towards it does not stop that", async () => {
    const fixture = createFixture({ settings: { speculation: "on" } });
    fixture.engine.script = ({ prompt }) =>
      JSON.stringify(prompt.at(-1)).includes("f(a);") ? `${"next ".repeat(8)}\n` : "f(a);\n";
    const shown = fixture.ask("x = |");
    await fixture.clock.advance(80);
    expect(told(await shown)).toBe("model: f(a);");
    expect(fixture.engine.calls[1]?.request.priority).toBe("speculation");
    expect(told(await fixture.ask("x = f|"))).toBe("cache: (a);");
    expect(fixture.engine.calls[1]?.aborted).toBe(false);
    void fixture.ask("x = q|");
    expect(fixture.engine.calls[1]?.aborted).toBe(true);
  });

  it("logs what a request cost without any source text", async () => {
    const fixture = createFixture();
    fixture.engine.script = () => "secret\n";
    await settled(fixture, "hidden = |");
    const event = fixture.events.find(({ name }) => name === "completion");
    expect(event?.fields).toMatchObject({
      requestId: "1",
      source: "model",
      totalMs: 70.11,
      evaluatedTokens: 11,
      reusedTokens: 0,
      generatedTokens: 7,
    });
    expect(JSON.stringify(fixture.events)).not.toMatch(/secret|hidden/);
  });
});
