import { describe, expect, it } from "vitest";
import { documentFactory, maxDocumentLength } from "../../../server/lsp/documents.ts";

const open = (text: string) => documentFactory.create("file:///a.ts", "typescript", 1, text);
const insertion = (line: number, character: number, text: string) => ({
  range: { start: { line, character }, end: { line, character } },
  text,
});

describe("an open document", () => {
  it("is a snapshot that later changes leave alone", () => {
    const first = open("ab\ncd");
    const second = documentFactory.update(first, [insertion(1, 1, "X"), insertion(0, 0, "Y")], 2);
    expect(first.content).toEqual({ kind: "text", text: "ab\ncd" });
    expect(second.content).toEqual({ kind: "text", text: "Yab\ncXd" });
    expect(second.version).toBe(2);
  });

  it("that is too large is not kept, whatever is edited in it", () => {
    const large = open("x".repeat(maxDocumentLength + 1));
    expect(large.content.kind).toBe("tooLarge");
    expect(documentFactory.update(large, [insertion(0, 0, "y")], 2).content.kind).toBe("tooLarge");
  });

  it("that grows too large is let go", () => {
    const grown = [insertion(0, 0, "x".repeat(maxDocumentLength))];
    expect(documentFactory.update(open("ab"), grown, 2).content.kind).toBe("tooLarge");
  });

  it("that was too large is kept again once its whole text is sent anew", () => {
    const large = open("x".repeat(maxDocumentLength + 1));
    const changes = [insertion(0, 0, "y"), { text: "small" }, insertion(0, 5, "!")];
    const { content, version } = documentFactory.update(large, changes, 7);
    expect(content).toEqual({ kind: "text", text: "small!" });
    expect(version).toBe(7);
  });

  it("with a NUL near its start is binary, and text again without it", () => {
    const binary = open("a\0b");
    expect(binary.content.kind).toBe("binary");
    expect(documentFactory.update(binary, [{ text: "ab" }], 2).content.kind).toBe("text");
  });
});
