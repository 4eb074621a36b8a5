import { describe, expect, it } from "vitest";
import { replayKeys } from "../../../scripts/bench/typing/replay.ts";

describe("the typing replay", () => {
  const keys = replayKeys();

  it("has about 300 keys of every kind", () => {
    expect(keys.length).toBeGreaterThan(280);
    expect(keys.length).toBeLessThan(320);
    expect(new Set(keys.map(({ kind }) => kind))).toEqual(
      new Set(["open", "type", "backspace", "accept", "jump", "below"]),
    );
  });

  it("begins between two members, with about twice as much above the cursor as below", () => {
    const { text, offset } = keys[0] ?? { text: "", offset: 0 };
    expect(text.slice(0, offset)).toMatch(/\n {4}\},\n$/);
    const ratio = offset / (text.length - offset);
    expect(ratio).toBeGreaterThan(1.7);
    expect(ratio).toBeLessThan(2.5);
  });

  it("comes back to where it left after the jump", () => {
    const [away, back] = keys.filter(({ kind }) => kind === "jump");
    expect(away?.text.slice(away.offset)).toMatch(/^ {2}\/\*\* Jobs not finished yet/);
    expect(back?.text.slice(0, back.offset)).toMatch(/dropped \+= 1;$/);
  });
});
