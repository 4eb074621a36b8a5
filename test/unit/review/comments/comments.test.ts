import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CodedError } from "../../../../server/protocol/errors.ts";
import { createCommentReviewer } from "../../../../server/review/comments/comments.ts";
import {
  loadReviewPrompts,
  type ReviewPrompts,
} from "../../../../server/review/comments/prompt.ts";
import type {
  Chunk,
  Finding,
  ReviewDocument,
  ReviewPurpose,
} from "../../../../server/review/types.ts";
import { fakeChat, instructModel, type FakeChatOptions } from "./fakeChat.ts";

const prompts = loadReviewPrompts(
  readFileSync(new URL("../../../../prompts/review.md", import.meta.url), "utf8"),
);
const text = [
  "const limit = 3;",
  "",
  "function average(values) {",
  "  let total = 0;",
  "  for (let i = 0; i <= values.length; i++) {",
  "    total += values[i];",
  "  }",
  "  return total / values.length;",
  "}",
  "",
].join("\n");
const document: ReviewDocument = {
  uri: "file:///average.js",
  path: "src/average.js",
  languageId: "javascript",
  version: 1,
  text,
};
const functionStart = text.indexOf("function");
const chunk: Chunk = {
  start: functionStart,
  end: text.length,
  lines: [{ start: 4, end: 6 }],
  name: "average",
  context: "const limit = 3;\n",
};
const good = {
  line: 5,
  quote: "i <= values.length",
  category: "logic",
  severity: "warning",
  message: "The loop reads one element beyond the end, which is undefined.",
  replacement: "i < values.length",
};
const answer = (...comments: object[]): string => JSON.stringify({ comments });

interface Options extends FakeChatOptions {
  readonly instruct?: "auto" | "on" | "off";
  readonly minConfidence?: number;
  readonly on?: boolean;
  readonly chunk?: Chunk;
  readonly purpose?: ReviewPurpose;
  readonly prompts?: () => ReviewPrompts;
  readonly signal?: AbortSignal;
}

async function review(options: Options) {
  const engine = fakeChat(options);
  const events: string[] = [];
  const told: Finding[] = [];
  const reviewer = createCommentReviewer({
    engine,
    prompts: options.prompts ?? (() => prompts),
    fileStart: () => [{ special: "<file_sep>" }],
    settings: () => ({
      instruct: options.instruct ?? "auto",
      minConfidence: options.minConfidence ?? -1,
      isOn: () => options.on ?? true,
    }),
    log: { event: (name, fields) => events.push(`${name}: ${String(fields["reason"] ?? "")}`) },
  });
  const signal = options.signal ?? new AbortController().signal;
  const outcome = await reviewer.review(
    options.purpose === undefined ? document : { ...document, purpose: options.purpose },
    options.chunk ?? chunk,
    (finding) => told.push(finding),
    signal,
  );
  const findings = outcome.kind === "done" ? outcome.findings : [];
  return { engine, events, told, outcome, findings };
}

const agreeing = (probability: number): Pick<FakeChatOptions, "decide"> => ({
  decide: () => ({ probabilities: [probability, 1 - probability], covered: 0.9 }),
});

describe("comments of an instruction-tuned model", () => {
  it("become findings where they quote the code and are confirmed", async () => {
    const { findings, told, outcome } = await review({ answers: [answer(good)], odds: 7 });
    const start = text.indexOf("i <= values.length");
    expect(findings).toMatchObject([
      {
        rule: "starcoder/comment",
        origin: "comment",
        category: "logic",
        start,
        end: start + "i <= values.length".length,
        message: good.message,
        odds: 7,
        severity: "warning",
        changes: [{ start, text: "i < values.length" }],
        shown: true,
      },
    ]);
    expect(findings[0]?.confidence).toBeCloseTo(0.969, 3);
    expect(told).toEqual(findings);
    expect(outcome).toMatchObject({ usage: { generatedTokens: 18 } });
  });

  it("are asked for by numbered lines, with a schema bounded to the changed ones", async () => {
    const { engine } = await review({ answers: [answer()] });
    const [request] = engine.asked;
    expect(request?.messages[1]?.text).toContain(
      "\n5:   for (let i = 0; i <= values.length; i++) {\n6:     total += values[i];\n",
    );
    expect(request?.messages[1]?.text).toContain("lines 5–6");
    expect(request?.messages[1]?.text).toContain("const limit = 3;");
    expect(JSON.stringify(request?.schema)).toContain('"line":{"enum":[5,6]}');
    expect(request?.priority).toBe("background");
  });

  it("are asked for, and confirmed, beside what the code is to do, where that is known", async () => {
    const purpose = {
      ...{ task: "The mean of the values", requirements: ["Zero for none", " "] },
      tests: "expect(average([])).toBe(0);\n".repeat(500),
    };
    const asks: string[] = [];
    const decide: FakeChatOptions["decide"] = ({ messages }) => {
      asks.push(messages[1]?.text ?? "");
      return { probabilities: [0.9, 0.1], covered: 0.9 };
    };
    const { engine } = await review({ answers: [answer(good)], decide, purpose });
    asks.push(engine.asked[0]?.messages[1]?.text ?? "");
    expect(asks).toHaveLength(2);
    for (const ask of asks) {
      expect(ask).toContain(
        "\n\nThe mean of the values\n\nRequirements:\n- Zero for none\n\nTests",
      );
      expect(ask).toContain("```javascript\nexpect(average([])).toBe(0);\n");
      // Of long tests as much as leaves room for the code.
      expect(ask).toMatch(/toBe\(0\);\n…\n```\n\n/);
      expect(ask.length).toBeLessThan(6000);
    }
  });

  it("are asked for without a word of what the code is to do where that is not known", async () => {
    const purpose = { task: " ", requirements: [], tests: "" };
    const [without, empty] = [
      await review({ answers: [answer()] }),
      await review({ answers: [answer()], purpose }),
    ];
    expect(empty.engine.asked).toEqual(without.engine.asked);
    expect(without.engine.asked[0]?.messages[1]?.text).not.toContain("is to do");
  });

  it("are none where the model finds none", async () => {
    const { outcome, engine } = await review({ answers: [answer()] });
    expect(outcome).toMatchObject({ kind: "done", findings: [] });
    expect(engine.decided).toEqual([]);
  });

  it("are dropped where the quote is not found, and the log says so", async () => {
    const { findings, events } = await review({
      answers: [answer({ ...good, quote: "i <= items.length" })],
    });
    expect(findings).toEqual([]);
    expect(events).toContain("comment dropped: quote not found");
  });

  it("are dropped where they only say again what the code does", async () => {
    const { findings, events } = await review({
      answers: [
        answer({ ...good, replacement: null, message: "Loops over the values and adds them up." }),
      ],
    });
    expect(findings).toEqual([]);
    expect(events).toContain("comment dropped: says nothing new");
  });

  it("are dropped where they repeat the example of the prompt", async () => {
    const [copied = ""] = /(?<="message": ")[^"]+/.exec(prompts.system({})) ?? [];
    const { findings, events } = await review({ answers: [answer({ ...good, message: copied })] });
    expect(findings).toEqual([]);
    expect(events).toContain("comment dropped: copied from the prompt");
  });

  it("are dropped where their replacement is the code as it stands", async () => {
    const same = { ...good, replacement: "i  <=  values.length" };
    expect((await review({ answers: [answer(same)] })).findings).toEqual([]);
  });

  it("are dropped where the replacement is less likely and the model does not agree", async () => {
    const { findings, events } = await review({
      answers: [answer(good)],
      odds: -1,
      ...agreeing(0.4),
    });
    expect(findings).toEqual([]);
    expect(events).toContain("comment dropped: not confirmed");
  });

  it("stay where the model does not agree but the replacement is as likely as the code", async () => {
    const { findings, told } = await review({ answers: [answer(good)], odds: 0, ...agreeing(0.4) });
    expect(findings).toMatchObject([{ confidence: 0.4, shown: false, severity: "hint" }]);
    expect(told).toEqual([]);
  });

  it("stay where the replacement is less likely but the model agrees", async () => {
    const { findings } = await review({ answers: [answer(good)], odds: -1, ...agreeing(0.6) });
    expect(findings).toMatchObject([{ confidence: 0.6 }]);
  });

  it("without a replacement need the model to agree, and weigh nothing", async () => {
    const remark = { ...good, replacement: null };
    const doubted = await review({ answers: [answer(remark)], ...agreeing(0.4) });
    expect(doubted.findings).toEqual([]);
    const confirmed = await review({ answers: [answer(remark)], ...agreeing(0.6) });
    expect(confirmed.findings).toMatchObject([{ changes: [] }]);
    expect(confirmed.findings[0]).not.toHaveProperty("odds");
    expect(confirmed.engine.weighed).toEqual([]);
  });

  it("stay, but are not drawn, where the engine tells no probabilities that would confirm them", async () => {
    const { findings, told, outcome } = await review({ answers: [answer(good)], untold: true });
    expect(outcome.kind).toBe("done");
    expect(findings).toMatchObject([{ confidence: 0.5, shown: false }]);
    expect(findings[0]?.why).toContain("does not tell how sure it is");
    expect(told).toEqual([]);
  });

  it("weigh the replacement in place, behind how a file starts", async () => {
    const { engine } = await review({ answers: [answer(good)] });
    const [request] = engine.weighed;
    const change = request?.alternatives[0]?.changes[0];
    expect(request?.prefix).toEqual([{ special: "<file_sep>" }]);
    expect(request?.text.slice(change?.start, change?.end)).toBe("i <= values.length");
  });

  it("are drawn from the confidence that the settings ask for", async () => {
    const options = { answers: [answer(good)], odds: 1, ...agreeing(0.6) };
    expect((await review({ ...options, minConfidence: 0.5 })).findings[0]?.shown).toBe(true);
    expect((await review({ ...options, minConfidence: 0.7 })).findings[0]?.shown).toBe(false);
  });

  it("on one place are one, the one most agreed with", async () => {
    const other = { ...good, message: "This bound is wrong, so undefined is added at the end." };
    const { findings } = await review({
      answers: [answer(good, other)],
      decide: ({ messages }) => {
        const probability = messages[1]?.text.includes("This bound is wrong") ? 0.95 : 0.8;
        return { probabilities: [probability, 1 - probability], covered: 1 };
      },
    });
    expect(findings.map(({ message }) => message)).toEqual([other.message]);
  });
});

describe("an answer that cannot be used", () => {
  it.each([
    ["is empty", "", "The answer was empty."],
    ["is cut", { cut: '{"comments": [{"line": 5, "quo' }, "The answer was cut off."],
    ["is no JSON", "I see no mistakes.", "The answer was no JSON."],
    ["does not fit", '{"comments": [{"line": 5}]}', "The answer did not fit: comments.0.quote"],
    ["names another line", answer({ ...good, line: 3 }), "a line that was not asked about"],
  ])("%s, twice: the chunk fails with the reason", async (_, bad, reason) => {
    const { outcome, engine } = await review({ answers: [bad] });
    expect(engine.asked).toHaveLength(2);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "PARSING_ERROR" } });
    expect(outcome.kind === "failed" && outcome.error.message).toContain(reason);
  });

  it("is followed by a question about half of the lines, whose answer counts", async () => {
    const { outcome, engine } = await review({ answers: ["", answer(good)] });
    const [first, second] = engine.asked.map(({ messages }) => messages[1]?.text ?? "");
    const numbered = (question = ""): number => question.match(/^\d+: /gm)?.length ?? 0;
    expect(numbered(first)).toBe(7);
    expect(numbered(second)).toBe(4);
    expect(second).toContain("5:   for (let i");
    expect(second).not.toContain("const limit");
    expect(outcome).toMatchObject({ kind: "done", findings: [{ confidence: 0.9 }] });
  });

  it("is not asked for again where there is nothing to leave out", async () => {
    const start = text.indexOf("  let total");
    const line = { start, end: text.indexOf("  for"), lines: [{ start: 3, end: 4 }] };
    const { outcome, engine } = await review({
      answers: [""],
      chunk: { ...chunk, ...line, context: "" },
    });
    expect(engine.asked).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "PARSING_ERROR" } });
  });

  it("tries half of a chunk that is longer than the context", async () => {
    const { outcome, engine } = await review({
      answers: [new CodedError("CONTEXT_OVERFLOW"), answer(good)],
    });
    expect(engine.asked).toHaveLength(2);
    expect(outcome.kind).toBe("done");
  });

  it("is no reason to hide another failure", async () => {
    const { outcome, engine } = await review({ answers: [new CodedError("HOST_DIED")] });
    expect(engine.asked).toHaveLength(1);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "HOST_DIED" } });
  });
});

describe("the reviewer by comments", () => {
  it("asks nothing of a model that was not tuned to follow instructions", async () => {
    const model = { ...instructModel, name: "StarCoder2 3B", chatTemplate: true };
    const { outcome, engine } = await review({ model, answers: [answer(good)] });
    expect(outcome).toEqual({ kind: "done", findings: [], usage: undefined });
    expect(engine.asked).toEqual([]);
  });

  it("asks nothing where its rule or the setting is off, or no line with text changed", async () => {
    const blank = { ...chunk, lines: [{ start: 1, end: 2 }] };
    for (const options of [{ on: false }, { instruct: "off" as const }, { chunk: blank }]) {
      const { engine, outcome } = await review({ ...options, answers: [answer(good)] });
      expect(engine.asked).toEqual([]);
      expect(outcome).toMatchObject({ kind: "done", findings: [] });
    }
  });

  it("is cancelled by its signal", async () => {
    const { outcome } = await review({ answers: [answer(good)], signal: AbortSignal.abort() });
    expect(outcome).toEqual({ kind: "cancelled" });
  });

  it("says what is wrong with a user's own prompts", async () => {
    const { outcome } = await review({ prompts: () => loadReviewPrompts("## system\n\nHi\n") });
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "PROMPT_INVALID" } });
  });
});
