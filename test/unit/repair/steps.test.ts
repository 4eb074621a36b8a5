import { describe, expect, it } from "vitest";
import { CodedError } from "../../../server/protocol/errors.ts";
import { repairRecordSchema } from "../../../server/protocol/repair.ts";
import { createSteps } from "../../../server/repair/step.ts";

/** Steps whose clock moves ten milliseconds at each look. */
function make(signal?: AbortSignal) {
  let now = 0;
  const notes: string[] = [];
  const steps = createSteps({ now: () => (now += 10) }, (line) => notes.push(line), signal);
  return { steps, notes };
}

describe("the steps of a repair", () => {
  it("are reported one by one, with times", async () => {
    const { steps, notes } = make();
    expect(await steps.run("a", "First", () => Promise.resolve("Done."))).toBe(true);
    expect(repairRecordSchema.parse(steps.record)).toEqual({
      ok: true,
      steps: [{ name: "a", title: "First", status: "ok", message: "Done.", durationMs: 10 }],
    });
    expect(notes).toEqual(["First …", "  ok: Done."]);
  });

  it("go on after one that failed, with its code", async () => {
    const { steps } = make();
    const failing = () => Promise.reject(new CodedError("MODEL_DAMAGED", "a.gguf"));
    expect(await steps.run("a", "First", failing)).toBe(false);
    await steps.run("b", "Second", () => Promise.reject(new Error("odd")));
    await steps.run("c", "Third", () => Promise.resolve("Done."));
    expect(steps.record.ok).toBe(false);
    expect(steps.record.steps.map(({ code }) => code)).toEqual([
      "MODEL_DAMAGED",
      "REBUILD_FAILED",
      undefined,
    ]);
  });

  it("are skipped once it is cancelled", async () => {
    const abort = new AbortController();
    const { steps } = make(abort.signal);
    await steps.run("a", "First", () => {
      abort.abort();
      return Promise.resolve("Done.");
    });
    let ran = false;
    await steps.run("b", "Second", () => {
      ran = true;
      return Promise.resolve("Done.");
    });
    expect(ran).toBe(false);
    expect(steps.record.steps.map(({ status }) => status)).toEqual(["ok", "skipped"]);
  });
});
