import { describe, expect, it } from "vitest";
import { CodedError } from "../../../server/protocol/errors.ts";
import {
  failedWith,
  findingOn,
  instructModel,
  resultOf,
  workflowFixture,
  type FixtureOptions,
} from "./fixture.ts";

const body = "  return 1;\n}\n";
const adding = "  return a - b;\n}\n";
const addTask = { task: "A function `add(a: number, b: number): number` that adds." };
const fence = (code: string) => `${code}\n\`\`\`\nThat is all.`;

/** The first version has a finding; what comes of it is as good as the scores say. */
function reviewedAs(...scores: number[]): Pick<FixtureOptions, "reviews"> {
  return {
    reviews: (text, number) => ({
      score: scores[Math.min(number, scores.length) - 1] ?? 10,
      findings: text.includes("a - b") ? [findingOn(text, "-", "+")] : [],
    }),
  };
}

describe("a workflow", () => {
  it("writes, reviews, applies a fix and ends when the score is good enough", async () => {
    const fixture = workflowFixture({ writes: [adding], ...reviewedAs(6, 10) });
    const result = resultOf(await fixture.run(addTask));
    expect(result).toMatchObject({ end: "score", score: 10, best: 1, model: "Any Coder" });
    expect(result.code).toContain("return a + b;");
    expect(result.rounds.map(({ by, score, accepted }) => [by, score, accepted])).toEqual([
      ["model", 6, true],
      ["fixes", 10, true],
    ]);
    expect(result.rounds[1]?.changes).toEqual(["Line 5: Replace by + (90% sure)."]);
    expect(result.steps.map(({ step, round }) => `${step} ${round}`)).toEqual([
      ...["generate 0", "review 0", "revise 1", "review 1"],
    ]);
    const spent = result.steps.reduce((sum, { tokensUsed }) => sum + tokensUsed, 0);
    expect(result.tokensUsed).toBe(spent);
    expect(result.tokensUsed).toBeGreaterThan(100);
  });

  it("tells the review what the code is to do, but no change as if it were that", async () => {
    const asked = { ...addTask, requirements: ["be short"], tests: "expect(add(1, 2)).toBe(3);" };
    const written = { model: instructModel, writes: [fence("export const add = 1;")] };
    const fixture = workflowFixture({ ...written, ...reviewedAs(10) });
    await fixture.run(asked);
    await fixture.run({ ...asked, code: "let a;" });
    const purposes = fixture.reviewed.map(({ document }) => document.purpose);
    expect(purposes[0]).toEqual(asked);
    expect(purposes[1]).toEqual({ ...asked, task: "" });
  });

  it("keeps the earlier version where a fix brings no better score", async () => {
    const result = resultOf(
      await workflowFixture({ writes: [adding], ...reviewedAs(6, 5) }).run(addTask),
    );
    expect(result).toMatchObject({ end: "noImprovement", score: 6, best: 0 });
    expect(result.rounds[1]).toMatchObject({ by: "fixes", accepted: false });
  });

  it("applies no fix that would not parse", async () => {
    const reviews = (text: string) => ({ score: 5, findings: [findingOn(text, "a - b", "a (")] });
    const result = resultOf(await workflowFixture({ writes: [adding], reviews }).run(addTask));
    expect(result).toMatchObject({ end: "noImprovement", best: 0 });
    expect(result.rounds).toHaveLength(1);
  });

  it("ends after so many rounds, without any at once", async () => {
    const fixture = workflowFixture({ writes: [adding], ...reviewedAs(6) });
    const result = resultOf(await fixture.run({ ...addTask, budget: { rounds: 0 } }));
    expect(result).toMatchObject({ end: "rounds", score: 6 });
  });

  it("only writes where no review is wanted", async () => {
    const fixture = workflowFixture();
    const result = resultOf(await fixture.run({ review: false }));
    expect(result).toMatchObject({ end: "generated" });
    expect(result.score).toBeUndefined();
    expect(fixture.reviewed).toEqual([]);
  });

  it("begins no review that the tokens left cannot pay", async () => {
    const fixture = workflowFixture();
    const code = "export const all = [1, 2, 3, 4, 5, 6, 7, 8];\n";
    const result = resultOf(await fixture.run({ task: "", code, budget: { tokens: 5 } }));
    expect(result).toMatchObject({ end: "tokens", best: 0, code, tokensUsed: 0 });
    expect(fixture.reviewed).toEqual([]);
  });

  it("works without a score, and says why there is none", async () => {
    const scoreError = new CodedError("LOGPROBS_UNAVAILABLE").toData();
    const result = resultOf(await workflowFixture({ reviews: () => ({ scoreError }) }).run());
    expect(result).toMatchObject({ end: "noImprovement", scoreError });
    expect(result.score).toBeUndefined();
  });

  it("keeps metadata and the request's id, and tells each step", async () => {
    const fixture = workflowFixture();
    const result = resultOf(await fixture.run({ metadata: { ticket: "A-1" }, path: "src/one.ts" }));
    expect(result).toMatchObject({ requestId: "t-1", metadata: { ticket: "A-1" } });
    expect(result).toMatchObject({ path: "src/one.ts", createdAt: "1970-01-01T00:00:00.000Z" });
    expect(fixture.progress.map(({ step }) => step)).toEqual(["waiting", "generate", "review"]);
  });

  it("logs what it cost and nothing of the code", async () => {
    const fixture = workflowFixture({ writes: [adding], ...reviewedAs(6, 10) });
    await fixture.run(addTask);
    const last = fixture.logged.at(-1);
    expect(last).toMatchObject({
      name: "workflow done",
      fields: { requestId: "t-1", model: "Any Coder", rounds: 1, score: 10, end: "score" },
    });
    expect(last?.fields).toHaveProperty("tokensUsed");
    expect(last?.fields).toHaveProperty("workflowTime");
    expect(JSON.stringify(fixture.logged)).not.toMatch(/return|add\(/);
  });
});

describe("code that is given", () => {
  const code = "export function add(a: number, b: number): number {\n  return a - b;\n}\n";

  it("is reviewed and its fixes applied, with any model, where no change is asked for", async () => {
    const fixture = workflowFixture(reviewedAs(6, 10));
    const result = resultOf(await fixture.run({ task: "", code }));
    expect(result).toMatchObject({ end: "score", best: 1 });
    expect(result.rounds[0]).toMatchObject({ by: "given", code });
    expect(result.code).toContain("a + b");
    expect(fixture.generated).toEqual([]);
  });

  it("is not changed as told by a base model", async () => {
    const outcome = await workflowFixture().run({ task: "Make it faster.", code });
    expect(outcome).toMatchObject(failedWith("MODEL_NOT_INSTRUCT"));
  });

  it("is changed as told by an instruction-tuned model, whatever the scores", async () => {
    const changed = "export const add = (a: number, b: number): number => a + b;";
    const fixture = workflowFixture({
      ...{ model: instructModel, writes: [fence(changed)] },
      reviews: (text) => ({ score: text.includes("const add") ? 9 : 10 }),
    });
    const result = resultOf(await fixture.run({ task: "Make it an arrow function.", code }));
    expect(result).toMatchObject({ code: changed, end: "score", best: 1 });
    expect(result.rounds[1]?.changes).toEqual([
      "Written anew by the model: 1 line added, 3 lines removed.",
    ]);
    const question = fixture.asked[0]?.messages[1]?.text;
    expect(question).toContain("Change the code as follows:\n\nMake it an arrow function.");
    expect(question).toContain("return a - b;");
  });

  it("stays the result where the model gives nothing usable", async () => {
    const fixture = workflowFixture({ model: instructModel, writes: ["I cannot do that, sorry."] });
    const result = resultOf(await fixture.run({ task: "Make it faster.", code }));
    expect(result).toMatchObject({ end: "failed", code, error: { code: "PARSING_ERROR" } });
    expect(fixture.asked).toHaveLength(2);
  });

  it("has findings placed in itself, not in the document around it", async () => {
    const before = "const x = 1;\n\nclass A {\n  ";
    const fixture = workflowFixture({
      reviews: (text) => ({
        score: 6,
        findings: [findingOn(text, "a - b", "a + b"), findingOn(text, "x = 1", "x = 2")],
      }),
    });
    const method = "add(a: number, b: number) {\n    return a - b;\n  }";
    const task = { task: "", code: method, before, after: "\n}\n", budget: { rounds: 1 } };
    const result = resultOf(await fixture.run(task));
    expect(fixture.reviewed[0]).toMatchObject({ scope: { start: 3, end: 6 } });
    expect(result.rounds[0]?.findings.map(({ range }) => range.start)).toEqual([
      { line: 1, character: 11 },
    ]);
    expect(result.rounds[1]?.code).toBe(method.replace("a - b", "a + b"));
  });
});

describe("an instruction-tuned model", () => {
  const model = instructModel;

  it("is asked to revise with the findings, and its better version wins", async () => {
    const first = "export function one(): number {\n  return 2;\n}";
    const fixture = workflowFixture({
      ...{ model, writes: [fence(first), fence(first.replace("2", "1"))] },
      reviews: (text, number) => ({
        score: number === 1 ? 5 : 10,
        findings: number === 1 ? [{ ...findingOn(text, "2", "1"), fix: undefined }] : [],
      }),
    });
    const result = resultOf(await fixture.run());
    expect(result).toMatchObject({ end: "score", best: 1 });
    expect(result.rounds[1]).toMatchObject({ by: "model", accepted: true });
    expect(fixture.asked[1]?.messages[1]?.text).toContain("- line 2, `2`: `1` is likelier.");
  });

  it("fails with the reason after a bounded number of tries where it answers prose", async () => {
    const writes = ["I am sorry, but I cannot write this code for you."];
    const fixture = workflowFixture({ model, writes, settings: { candidates: 2 } });
    expect(await fixture.run()).toMatchObject(
      failedWith("PARSING_ERROR", "No usable code in 4 tries: it was prose, not code (4 times)."),
    );
    expect(fixture.asked).toHaveLength(4);
    expect(fixture.asked.map(({ sampling }) => sampling?.temperature)).toEqual([0, 0.2, 0.4, 0.6]);
  });

  it("fails where its answers are cut short", async () => {
    const writes = [{ text: '{"a": [1, 2', cut: true as const }];
    for (const language of ["json", "typescript"]) {
      const outcome = await workflowFixture({ model, writes }).run({ language });
      expect(outcome).toMatchObject(failedWith("PARSING_ERROR", "it was cut off"));
    }
  });

  it("fails where its answers are empty, or comments or imports only", async () => {
    for (const [text, why] of [
      ["", "it was empty"],
      ["// nothing to see\n```", "it held comments only"],
      ['/** Adds. */\nimport { add } from "add";\n```', "it held imports only"],
    ] as const) {
      const outcome = await workflowFixture({ model, writes: [text] }).run();
      expect(outcome).toMatchObject(failedWith("PARSING_ERROR", why));
    }
  });

  it("fails with the file and the slot where a prompt file is broken", async () => {
    const prompts = "## system\n\nHi\n\n## task\n\n{{task}} {{nothing}}\n";
    const outcome = await workflowFixture({ model, prompts }).run();
    expect(outcome).toMatchObject(failedWith("PROMPT_INVALID", "`{{nothing}}`"));
    expect(outcome).toMatchObject(failedWith("PROMPT_INVALID", "prompts/generate.md"));
  });
});

describe("the first version", () => {
  it("is ended as soon as it repeats itself without end, and is no result", async () => {
    const writes = [`  let a = 0;\n${"  a = a + 1;\n".repeat(300)}`];
    const fixture = workflowFixture({ writes });
    expect(await fixture.run()).toMatchObject(
      failedWith("PARSING_ERROR", "it repeated itself without end"),
    );
    expect(Math.max(...fixture.aborted)).toBeLessThan(40);
  });

  it("is the likeliest of those that parse", async () => {
    const fixture = workflowFixture({
      settings: { candidates: 3 },
      writes: [
        { text: "  return (;\n}\n", logProbability: -0.1 },
        { text: "  return 3;\n}\n", logProbability: -0.9 },
        { text: "  return 1;\n}\n", logProbability: -0.4 },
      ],
    });
    expect(resultOf(await fixture.run()).code).toContain("return 1;");
    expect(fixture.generated.map(({ sampling }) => sampling.temperature)).toEqual([0, 0.2, 0.4]);
  });

  it("is the better reviewed of two that are about as likely", async () => {
    const fixture = workflowFixture({
      settings: { candidates: 2 },
      writes: ["  return 3;\n}\n", { text: body, logProbability: -0.55 }],
      reviews: (text) => ({ score: text.includes("return 1") ? 10 : 7 }),
    });
    const result = resultOf(await fixture.run());
    expect(result).toMatchObject({ best: 1, score: 10 });
    expect(result.rounds.map(({ round }) => round)).toEqual([0, 0]);
  });
});
