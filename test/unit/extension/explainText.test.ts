import { describe, expect, it } from "vitest";
import { editorReasons, type EditorSide } from "../../../extension/explainReasons.ts";
import { explainMarkdown, summaryOf } from "../../../extension/views/explainText.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import type { Explain } from "../../../server/protocol/explain.ts";

const side: EditorSide = {
  availability: { kind: "on" },
  languageId: "python",
  scheme: "file",
  isServed: true,
  snoozeMinutes: 0,
  inlineSuggestEnabled: true,
  hasSelection: false,
  others: [],
};

const explained: Explain = {
  file: "/p/a.py",
  line: 1,
  column: 2,
  trigger: "automatic",
  requestId: "explain-1-1",
  summary: "No suggestion: the model wrote nothing.",
  suggestion: null,
  actions: [],
  steps: [
    { name: "document", title: "Document", outcome: "passed", detail: "a | b `c` <d>", atMs: 1 },
    { name: "generation", title: "Written", outcome: "stopped", detail: "nothing", atMs: 2 },
  ],
  prompt: {
    purpose: "completion",
    parts: [
      { kind: "special", role: "marker of prefix", text: "<fim_prefix>", tokens: 1 },
      { kind: "text", role: "prefix", text: "x = '''\n```\nescape\n```\n'''", tokens: 9 },
    ],
    heal: " =",
    totalTokens: 10,
    budgetTokens: 256,
  },
  totalMs: 12,
  command: "starcoder explain /p/a.py:1:2",
  earlier: [],
};
const page = { place: "a.py:1:2", reasons: [], explained, failure: undefined, isUnsaved: false };

describe("the reasons of the editor's side", () => {
  it.each<[string, Partial<EditorSide>, RegExp, string?]>([
    ["off", { availability: { kind: "off", why: "disabled" } }, /are off/, "openSettings"],
    ["language off", { availability: { kind: "off", why: "language" } }, /python/, "openSettings"],
    [
      "snoozed",
      { availability: { kind: "off", why: "snoozed" }, snoozeMinutes: 1 },
      /1 more minute;/,
    ],
    [
      "the editor's setting",
      { inlineSuggestEnabled: false },
      /inlineSuggest/,
      "enableInlineSuggest",
    ],
    ["another scheme", { isServed: false, scheme: "output" }, /output/],
    ["a selection", { hasSelection: true }, /selected/],
  ])("name what stops suggestions: %s", (_, change, text, action) => {
    const [reason, ...more] = editorReasons({ ...side, ...change });
    expect(more).toEqual([]);
    expect(reason).toMatchObject({ stops: true, actions: action === undefined ? [] : [action] });
    expect(reason?.text).toMatch(text);
  });

  it("do not blame another extension, but mention it", () => {
    const [reason] = editorReasons({ ...side, others: ["Other"] });
    expect(reason).toMatchObject({ stops: false, actions: ["showExtensions"] });
    expect(editorReasons(side)).toEqual([]);
  });
});

describe("the page that explains", () => {
  it("says the editor's reason first, then the service's", () => {
    const reasons = editorReasons({ ...side, inlineSuggestEnabled: false });
    expect(summaryOf({ ...page, reasons })).toContain("editor.inlineSuggest.enabled");
    expect(explainMarkdown({ ...page, reasons })).toContain("The service says: No suggestion");
    expect(summaryOf(page)).toBe(explained.summary);
  });

  it("shows steps as a table, prompt and text as blocks that no text can leave", () => {
    const text = explainMarkdown(page);
    expect(text).toContain("| ✓ | Document | a \\| b \\`c\\` \\<d\\> | 1.0 |");
    expect(text).toContain("| ✗ | **Written** |");
    expect(text).toContain("````\nx = '''\n```\nescape\n```\n'''\n````");
    expect(text).toContain("**10 of at most 256 tokens**");
    expect(text).toContain("starcoder explain /p/a.py:1:2");
  });

  it("shows the failure of a service that is down", () => {
    const failure = new CodedError("SERVER_DIED").toData();
    const down = { ...page, explained: undefined, failure };
    expect(summaryOf(down)).toContain("SERVER_DIED");
    expect(explainMarkdown(down).replaceAll("\\", "")).toContain(failure.remedy);
  });
});
