import { describe, expect, it } from "vitest";
import { anchorOf } from "../../../../server/review/comments/anchor.ts";
import { createLineIndex } from "../../../../server/text/positions.ts";

const text = [
  "const a = load(1);",
  "if (a  ==  b) {",
  "  use(a,",
  "      b);",
  "}",
  "const a = load(1);",
  "",
].join("\r\n");

/** The code that a comment on a line, counted from 1, is anchored to. */
function anchored(line: number, quote: string, reviewed = { start: 0, end: 6 }) {
  const chunk = { start: 0, end: text.length, lines: [reviewed] };
  const anchor = anchorOf({ line, quote }, text, createLineIndex(text), chunk);
  return anchor === undefined
    ? undefined
    : { ...anchor, code: text.slice(anchor.start, anchor.end) };
}

describe("anchoring a quote", () => {
  it("finds it on its line, white space apart", () => {
    expect(anchored(2, "if (a == b) {")?.code).toBe("if (a  ==  b) {");
  });

  it("finds it on the line before or after", () => {
    expect(anchored(3, "a == b")?.code).toBe("a  ==  b");
    expect(anchored(1, "a == b")?.code).toBe("a  ==  b");
  });

  it("finds it further away where it stands once only and is long enough to tell", () => {
    expect(anchored(6, "if (a == b)")?.code).toBe("if (a  ==  b)");
    expect(anchored(3, "const a = load(1);")).toBeUndefined();
    expect(anchored(6, "a==b")).toBeUndefined();
    expect(anchored(6, "use(x)")).toBeUndefined();
  });

  it("takes the nearest of several", () => {
    expect(anchored(1, "const a = load(1);")?.start).toBe(0);
    expect(anchored(6, "const a = load(1);")?.start).toBe(text.lastIndexOf("const a"));
  });

  it("lets it end further down", () => {
    expect(anchored(3, "use(a, b);")?.code).toBe("use(a,\r\n      b);");
  });

  it("bears the line's number in front, as the lines are shown", () => {
    expect(anchored(2, "2: if (a == b) {")?.code).toBe("if (a  ==  b) {");
  });

  it("finds nothing in lines that are not under review", () => {
    expect(anchored(3, "a == b", { start: 2, end: 3 })).toBeUndefined();
    expect(anchored(3, "use(a,", { start: 2, end: 3 })?.code).toBe("use(a,");
  });

  it("finds no quote that is only white space", () => {
    expect(anchored(2, "   ")).toBeUndefined();
  });
});
