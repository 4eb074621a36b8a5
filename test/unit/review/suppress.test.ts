import { describe, expect, it } from "vitest";
import { readSuppressions, suppressionEdit } from "../../../server/review/suppress.ts";
import { createFixture, documentOf, linesOf } from "./support/fixture.ts";

const rule = "starcoder/wrong-identifier";

/** Lines (from 1) of a text on which the rule is suppressed. */
function check(text: string, expected: number[], languageId = "typescript"): void {
  const lines = text.split("\n");
  const suppressions = readSuppressions(lines, languageId);
  const suppressed = [...lines.keys()].filter((line) =>
    suppressions.isSuppressed(rule, {
      start: { line, character: 0 },
      end: { line, character: 1 },
    }),
  );
  expect(suppressed.map((line) => line + 1)).toEqual(expected);
}

describe("a comment keeps findings away", () => {
  it("from the next line, from its own line, from the whole file", () => {
    check("// starcoder-ignore-next-line\na\nb", [2]);
    check("a // starcoder-ignore-line\nb", [1]);
    check("a\n/* starcoder-ignore-file wrong-identifier */\nb", [1, 2, 3]);
  });

  it("for the rules it names, by either name", () => {
    check("// starcoder-ignore-next-line wrong-identifier, negation\na", [2]);
    check("// starcoder-ignore-next-line starcoder/wrong-identifier\na", [2]);
    check("// starcoder-ignore-next-line negation\na", []);
    check("// starcoder-ignore-next-line -- it is meant so\na", [2]);
    check("// starcoder-ignore-next-line negation -- wrong-identifier is not meant\na", []);
  });

  it("for no rule where the name is misspelt", () => {
    check("// starcoder-ignore-file wrong-identifer\na", []);
  });

  it("when several stand above one line", () => {
    check(
      "// starcoder-ignore-next-line wrong-identifier\n// starcoder-ignore-next-line negation\na\nb",
      [3],
    );
  });

  it("in the language's own comments alone", () => {
    check("# starcoder-ignore-next-line\na", [2], "python");
    check("-- starcoder-ignore-next-line\na", [2], "lua");
    check("<!-- starcoder-ignore-next-line -->\na", [2], "vue");
    check('const a = "starcoder-ignore-line";', []);
    check("const a = '# starcoder-ignore-line';", []);
    check("x = 7 // starcoder-ignore-line", [], "python");
  });

  it("that the quick fix wrote, wherever the finding stands", async () => {
    for (const where of ["line", "file"] as const) {
      const { review } = createFixture();
      const text = "#!/usr/bin/env node\r\nif (a) {\r\n\tBUG();\r\n}\r\n";
      const { findings } = await review(text);
      const [finding] = findings;
      if (finding === undefined) throw new Error("nothing was found");
      const { range, newText } = suppressionEdit(documentOf(text), finding, where);
      expect(range.end).toEqual(range.start);
      expect(newText).toBe(
        where === "line"
          ? "\t// starcoder-ignore-next-line wrong-identifier\r\n"
          : "// starcoder-ignore-file wrong-identifier\r\n",
      );
      const lines = text.split("\r\n");
      lines.splice(range.start.line, 0, newText.trimEnd());
      expect(lines[0]).toBe("#!/usr/bin/env node");
      expect((await review(lines.join("\r\n"))).findings).toEqual([]);
      // Taken away again, the finding is back without being looked for.
      expect(linesOf(await review(text))).toEqual([3]);
    }
  });

  it("and nothing is looked at where it keeps all away from the file", async () => {
    const { review, finder } = createFixture();
    const result = await review("// starcoder-ignore-file\nBUG();");
    expect(result.skipped?.reason).toBe("ignored");
    expect(result.findings).toEqual([]);
    expect(finder.looks).toEqual([]);
  });
});

describe("a rule that is off", () => {
  it("has no findings, and has them back when it is on again", async () => {
    const { review, settings } = createFixture();
    await review("BUG();");
    settings.isOn = (each) => each !== rule;
    expect((await review("BUG();")).findings).toEqual([]);
    settings.isOn = () => true;
    expect(linesOf(await review("BUG();"))).toEqual([1]);
  });
});
