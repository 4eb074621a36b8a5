import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import {
  fixAllKind,
  toCodeActions,
  type CodeActionsOptions,
} from "../../../../server/lsp/review/codeActions.ts";
import { readClientTraits } from "../../../../server/lsp/review/clientTraits.ts";
import { toDiagnostic } from "../../../../server/lsp/review/diagnostic.ts";
import { toHover } from "../../../../server/lsp/review/hover.ts";
import { diagnosticDataSchema, ruleIds } from "../../../../server/protocol/review.ts";
import { ableClient, findingAt, plainClient } from "./support/findings.ts";

const uri = "file:///project/a.ts";
const text = "for (let i = 0; i <= n; i++) {\n  if (i == m) stop(i);\n}\n";
const first = findingAt(text, 0, "<=", "<");
const second = findingAt(text, 1, "==", "!=", { confidence: 0.8 });
const productRoot = fileURLToPath(new URL("../../../..", import.meta.url));

function actions(own: Partial<CodeActionsOptions> = {}) {
  return toCodeActions({
    uri,
    version: 7,
    findings: [first, second],
    range: first.range,
    only: undefined,
    traits: ableClient,
    productRoot,
    suppress: (_, where) => ({
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      newText: `// ${where}\n`,
    }),
    ...own,
  });
}

describe("what can be done about a finding", () => {
  it("is its fix first, then dismissing, silencing by comment, and turning the rule off", () => {
    const offered = actions();
    expect(offered.map(({ title }) => title)).toEqual([
      "Replace `<=` by `<`",
      "Dismiss here",
      "Suppress starcoder/wrong-comparison for this line by a comment",
      "Suppress starcoder/wrong-comparison for this file by a comment",
      'Turn the rule "Wrong comparison" off',
    ]);
    expect(offered.filter(({ isPreferred }) => isPreferred)).toHaveLength(1);
    expect(offered[0]?.edit?.documentChanges).toEqual([
      { textDocument: { uri, version: 7 }, edits: first.fix?.edits },
    ]);
    expect(offered[1]?.command?.arguments).toEqual([{ uri, fingerprint: first.fingerprint }]);
  });

  it("needs a client's own command to turn a rule off", () => {
    const offered = actions({ traits: plainClient });
    expect(offered.map(({ title }) => title).join()).not.toContain("Turn the rule");
    expect(offered[0]?.edit).toEqual({ changes: { [uri]: first.fix?.edits } });
  });

  it("applies all fixes only when asked to, none over another", () => {
    expect(actions({ only: ["source"] })).toEqual([]);
    expect(actions().map(({ kind }) => kind)).not.toContain(fixAllKind);
    const rival = findingAt(text, 0, "i <= n", "n > i", { confidence: 0.5 });
    const [all, ...more] = actions({ only: [fixAllKind], findings: [rival, second, first] });
    expect(more).toEqual([]);
    expect(all?.edit?.documentChanges).toMatchObject([
      { edits: [{ newText: "<" }, { newText: "!=" }] },
    ]);
  });

  it.each([["quickfix"], [""]])("is offered to a client that asks for the kind %j", (kind) => {
    expect(actions({ only: [kind] })).toHaveLength(5);
  });

  it("is nothing for a client that knows commands only, or asks for another kind", () => {
    expect(actions({ traits: readClientTraits({}) })).toEqual([]);
    expect(actions({ only: ["refactor", "quickfix.other"] })).toEqual([]);
    expect(actions({ only: [fixAllKind], findings: [] })).toEqual([]);
  });

  it("is nothing away from findings", () => {
    const place = { line: 2, character: 0 };
    expect(actions({ range: { start: place, end: place } })).toEqual([]);
  });
});

describe("a finding as a diagnostic", () => {
  it("names its rule, links its page, and carries what code actions need", () => {
    const diagnostic = toDiagnostic(uri, first, ableClient, productRoot);
    expect(diagnostic).toMatchObject({
      source: "StarCoder",
      severity: 2,
      code: "starcoder/wrong-comparison",
    });
    expect(diagnosticDataSchema.parse(diagnostic.data)).toEqual({
      fingerprint: first.fingerprint,
      rule: first.rule,
      confidence: 0.9,
    });
  });

  it.each(ruleIds)("links a page that is there for %s", (rule) => {
    const { codeDescription } = toDiagnostic(uri, { ...first, rule }, ableClient, productRoot);
    expect(existsSync(new URL(codeDescription?.href ?? ""))).toBe(true);
  });

  it("leaves out what the client did not declare", () => {
    const related = [{ range: second.range, message: "here" }];
    const full = { ...first, related, tags: ["unnecessary" as const] };
    expect(toDiagnostic(uri, full, ableClient, productRoot)).toMatchObject({
      relatedInformation: [{ message: "here" }],
      tags: [1],
    });
    const plain = toDiagnostic(uri, full, plainClient, productRoot);
    expect(Object.keys(plain).sort()).toEqual(
      ["code", "data", "message", "range", "severity", "source"].sort(),
    );
  });
});

describe("the hover of a finding", () => {
  const hover = (markdown: boolean, finding = first) =>
    toHover({ finding, text, languageId: "typescript", markdown, productRoot }).contents;

  it("shows the line as it would be, the odds and the confidence", () => {
    const { value } = hover(true) as { value: string };
    expect(value).toContain("```typescript\nfor (let i = 0; i < n; i++) {\n```");
    expect(value).toContain("403 times as likely");
    expect(value).toMatch(/Confidence 90% · \[starcoder\/wrong-comparison\]\(file:/);
  });

  it("shows the whole of a fix on several lines, and none that is long", () => {
    const lines = "  f(\n    a,\n    b,\n  );\n";
    const edit = (line: number, newText: string) => ({
      range: { start: { line, character: 4 }, end: { line, character: 5 } },
      newText,
    });
    const fix = { title: "Exchange", edits: [edit(1, "b"), edit(2, "a")] };
    const shownFor = (text: string, last = fix.edits) =>
      toHover({
        ...{ finding: { ...first, fix: { ...fix, edits: last } }, text },
        ...{ languageId: "c", markdown: true, productRoot },
      }).contents as { value: string };
    expect(shownFor(lines).value).toMatch(/^```c\nb,\na,\n```\n/);
    const crlf = lines.replaceAll("\n", "\r\n");
    expect(shownFor(crlf).value).toBe(shownFor(lines).value);
    const long = `${lines}${"    x\n".repeat(9)}`;
    expect(shownFor(long, [edit(1, "b"), edit(9, "y")]).value).not.toContain("```");
  });

  it("is plain text for a client that shows no Markdown", () => {
    const { kind, value } = hover(false) as { kind: string; value: string };
    expect(kind).toBe("plaintext");
    expect(value).not.toContain("```");
    expect(value).toContain("for (let i = 0; i < n; i++) {");
  });

  it("never claims to be certain, and lets no code become markup", () => {
    const odd = { ...first, confidence: 1, why: "See [x](http://evil) <b>" };
    const { value } = hover(true, odd) as { value: string };
    expect(value).toContain("Confidence 99%");
    expect(value).toContain("\\[x\\]\\(http://evil\\) \\<b\\>");
  });
});
