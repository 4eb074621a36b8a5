import { describe, expect, it } from "vitest";
import {
  decidedText,
  hunkName,
  lineCounts,
  originText,
  placeTrouble,
} from "../../../media/result/resultText.ts";
import type { HunkView } from "../../../server/protocol/resultView.ts";

const hunk = (index: number, state: HunkView["state"]): HunkView => ({
  index,
  state,
  lines: [
    { kind: "same", text: "a", old: 1, new: 1 },
    { kind: "removed", text: "b", old: 2 },
    { kind: "added", text: "B", new: 2 },
    { kind: "added", text: "C", new: 3 },
  ],
});

describe("the words of a result's view", () => {
  it("say how far it is decided", () => {
    expect(decidedText([])).toBe("no changes");
    expect(decidedText([hunk(0, "open")])).toBe("1 change: 1 to decide");
    const all = [hunk(0, "applied"), hunk(1, "discarded"), hunk(2, "open"), hunk(3, "open")];
    expect(decidedText(all)).toBe("4 changes: 2 to decide, 1 applied, 1 discarded");
    expect(lineCounts(all)).toEqual({ added: 6, removed: 3 });
  });

  it("name a change for those who do not see it", () => {
    expect(hunkName(hunk(1, "open"))).toBe("Change 2: 2 lines added, 1 line removed");
  });

  it("say what can be done where nothing can be applied", () => {
    expect(placeTrouble({ kind: "found", name: "a.ts" })).toBeUndefined();
    expect(placeTrouble({ kind: "file" })).toBeUndefined();
    expect(placeTrouble({ kind: "changed", name: "a.ts" })).toContain("open it as a new file");
    expect(placeTrouble({ kind: "gone", name: "a.ts" })).toContain("a.ts is not there any more");
  });

  it("say where a version came from", () => {
    const round = {
      round: 0,
      changes: [],
      accepted: true,
      tokensUsed: 0,
      durationMs: 0,
      findings: 0,
    };
    expect(originText({ ...round, by: "model" })).toBe("Written by the model");
    expect(originText({ ...round, by: "model", round: 2 })).toBe("Revised by the model");
    expect(originText({ ...round, by: "fixes" })).toContain("Fixes");
    expect(originText({ ...round, by: "given" })).toContain("as it was");
  });
});
