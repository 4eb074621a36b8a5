import { describe, expect, it } from "vitest";
import { CodedError } from "../../../server/protocol/errors.ts";
import { workflowTaskSchema } from "../../../server/protocol/workflow.ts";
import { failedWith, findingOn, instructModel, resultOf, workflowFixture } from "./fixture.ts";

const body = "  return 1;\n}\n";
const fence = (code: string) => `${code}\n\`\`\`\nThat is all.`;
const died = new CodedError("HOST_DIED");

describe("a workflow that is disturbed", () => {
  const model = instructModel;
  const code = "export function one(): number {\n  return 2;\n}";
  const poor = { model, reviews: () => ({ score: 5 }) };

  it("is done once more where the host dies, and fails where it dies again", async () => {
    const again = workflowFixture({ writes: [died, body] });
    expect(resultOf(await again.run())).toMatchObject({ end: "score" });
    expect(again.revived).toBe(2);
    expect(await workflowFixture({ writes: [died] }).run()).toMatchObject(failedWith("HOST_DIED"));
  });

  it("keeps the code where the host dies twice in a review", async () => {
    const scoreError = died.toData();
    const once = workflowFixture({ reviews: (_, number) => (number === 1 ? { scoreError } : {}) });
    expect(resultOf(await once.run())).toMatchObject({ end: "score" });
    const fixture = workflowFixture({ reviews: () => ({ scoreError }) });
    expect(resultOf(await fixture.run())).toMatchObject({
      ...{ end: "failed", error: { code: "HOST_DIED" } },
      code: expect.stringContaining("return 1;") as string,
    });
  });

  it("keeps the code where the host dies twice in a revision", async () => {
    const fixture = workflowFixture({ ...poor, writes: [fence(code), died] });
    const result = resultOf(await fixture.run());
    expect(result).toMatchObject({ end: "failed", error: { code: "HOST_DIED" }, code, score: 5 });
  });

  it("is cancelled before there is code", async () => {
    for (const step of ["waiting", "generate"]) {
      const fixture = workflowFixture({
        writes: [{ hangs: true }],
        onProgress: (each, abort) => {
          if (each.step === step) queueMicrotask(() => abort.abort());
        },
      });
      expect(await fixture.run()).toEqual({ kind: "cancelled" });
    }
  });

  it("gives the best so far when cancelled in a review or a revision", async () => {
    for (const step of ["review", "revise"]) {
      const fixture = workflowFixture({
        ...{ model, writes: [fence(code), { hangs: true }] },
        reviews: () => (step === "review" ? "hangs" : { score: 5 }),
        onProgress: (each, abort) => {
          if (each.step === step) setImmediate(() => abort.abort());
        },
      });
      expect(resultOf(await fixture.run())).toMatchObject({ end: "cancelled", code });
    }
  });

  it("prefers what was reviewed to a revision whose review came to no end", async () => {
    const wrong = "export function add(a: number, b: number): number {\n  return a - b;\n}\n";
    const fixture = workflowFixture({
      ...{ model, writes: [fence(wrong)] },
      reviews: (text, number) =>
        number > 1 ? "hangs" : { score: 5, findings: [findingOn(text, "-", "+")] },
      onProgress: (each, abort) => {
        if (each.step === "review" && each.round === 1) setImmediate(() => abort.abort());
      },
    });
    const result = resultOf(await fixture.run());
    expect(result).toMatchObject({ end: "cancelled", best: 0, score: 5 });
    expect(result.rounds).toMatchObject([{ accepted: true }, { by: "fixes", accepted: false }]);
  });

  it("ends when its seconds are over, in the middle of a step", async () => {
    for (const step of ["generate", "review", "revise"]) {
      const fixture = workflowFixture({
        ...{
          model,
          writes: step === "generate" ? [{ hangs: true }] : [fence(code), { hangs: true }],
        },
        reviews: () => (step === "review" ? "hangs" : { score: 5 }),
        onProgress: (each) => {
          if (each.step === step) setImmediate(() => fixture.clock.advance(1000));
        },
      });
      const outcome = await fixture.run({ budget: { seconds: 1 } });
      if (step === "generate")
        expect(outcome).toMatchObject(failedWith("TIMEOUT_ERROR", "seconds"));
      else expect(resultOf(outcome)).toMatchObject({ end: "seconds", code, workflowTime: 1000 });
    }
  });

  it("ends when its tokens are used up, with nothing where not even the prompt fits", async () => {
    const none = await workflowFixture().run({ budget: { tokens: 1 } });
    expect(none).toMatchObject(failedWith("TIMEOUT_ERROR", "tokens"));
    const fixture = workflowFixture({ ...poor, writes: [fence(code)] });
    const result = resultOf(await fixture.run({ budget: { tokens: 240 } }));
    expect(result).toMatchObject({ end: "tokens", code });
  });

  it("says why no model is there", async () => {
    const error = new CodedError("MODEL_NOT_FOUND");
    const whenReady = () => Promise.resolve({ kind: "failed", error } as const);
    expect(await workflowFixture({ whenReady }).run()).toMatchObject(failedWith("MODEL_NOT_FOUND"));
  });

  it("refuses an empty task, and a budget of nothing", async () => {
    for (const task of [{ task: " \n" }, { task: "", code: " " }]) {
      expect(await workflowFixture().run(task)).toMatchObject(failedWith("VALIDATION_ERROR"));
    }
    const unreviewed = await workflowFixture().run({ task: "", code, review: false });
    expect(unreviewed).toMatchObject(failedWith("VALIDATION_ERROR"));
    for (const budget of [{ seconds: 0 }, { tokens: 0 }, { candidates: 0 }]) {
      const task = { task: "x", language: "python", budget };
      expect(workflowTaskSchema.safeParse(task).success).toBe(false);
    }
  });
});
