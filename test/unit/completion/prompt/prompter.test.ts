import { describe, expect, it } from "vitest";
import { placeOf } from "../../../../server/completion/place.ts";
import { detectFamily, type Family } from "../../../../server/completion/prompt/families.ts";
import { createPrompter, type Prompter } from "../../../../server/completion/prompt/prompter.ts";
import type { CompletionSettings, ContextSource } from "../../../../server/completion/types.ts";
import type { ModelDescription, PromptPart } from "../../../../server/protocol/host.ts";
import { documentOf, plainSettings } from "../support/createFixture.ts";
import { qwenCoder, starCoder2 } from "../support/fakeEngine.ts";
import { createEditing } from "../support/random.ts";

function familyOf(model: ModelDescription): Family {
  const family = detectFamily(model);
  if (family === undefined) throw new Error("no family");
  return family;
}

function prompterOf(model: ModelDescription, contextSources: ContextSource[] = []): Prompter {
  return createPrompter({
    model,
    family: familyOf(model),
    usesGpu: false,
    contextSources,
    repositoryName: () => "repo",
  });
}

/** The text parts that follow a special token. */
function after(prompt: readonly PromptPart[], special: string): string {
  const at = prompt.findIndex((part) => "special" in part && part.special === special);
  const next = prompt[at + 1];
  return next !== undefined && "text" in next ? next.text : "";
}

function prepare(
  prompter: Prompter,
  text: string,
  offset: number,
  settings: Partial<CompletionSettings> = {},
) {
  const document = documentOf(text);
  return prompter.prepare(
    placeOf(document, offset),
    { document, offset, trigger: "automatic", requestId: "1" },
    { ...plainSettings, contextTokens: 600, ...settings },
  );
}

const file = Array.from({ length: 400 }, (_, line) => `const value${line} = compute(${line});\n`);

describe.each([
  ["StarCoder2", starCoder2],
  ["Qwen2.5-Coder", qwenCoder],
])("a prompt for %s", (_, model) => {
  const family = familyOf(model);

  it("is the text around the cursor after any edits, within its budget", () => {
    for (let seed = 1; seed <= 25; seed++) {
      const prompter = prompterOf(model);
      const editing = createEditing(seed, file.slice(0, seed * 16).join(""));
      for (let step = 0; step < 120; step++) {
        editing.step();
        const { text } = editing.state;
        const place = placeOf(documentOf(text), editing.state.cursor);
        const { prompt, heal, characters } = prepare(prompter, text, editing.state.cursor);
        const before = after(prompt, family.prefix) + after(prompt, family.middle ?? "") + heal;
        const suffix = after(prompt, family.suffix);
        const seen = `seed ${seed} step ${step}`;
        expect(place.before.endsWith(before), seen).toBe(true);
        expect(place.after.startsWith(suffix), seen).toBe(true);
        // A window never shows the model an end of the document that is none.
        if (suffix.length < 300) expect(suffix, seen).toBe(place.after);
        if (before.length < 300) expect(before, seen).toBe(place.before);
        expect(characters, seen).toBeLessThanOrEqual(600 * 1.25 * 3 + 8);
      }
    }
  });

  it("does not change while a word is typed, and only grows while a line is", () => {
    const prompter = prompterOf(model);
    const [above, below] = [file.slice(0, 60).join(""), file.slice(60).join("")];
    let last: string | undefined;
    for (const line of ["const ret", "const retu", "const retur", "const return"]) {
      const { prompt, heal } = prepare(
        prompter,
        `${above}${line}\n${below}`,
        above.length + line.length,
      );
      expect(heal).toBe(line.slice(5));
      last ??= JSON.stringify(prompt);
      expect(JSON.stringify(prompt)).toBe(last);
    }
    let typed = "";
    for (const key of "const total = sum(first, second) + 1;") {
      const before = after(
        prepare(prompter, above + typed + below, above.length + typed.length).prompt,
        family.middle ?? "",
      );
      typed += key;
      const now = after(
        prepare(prompter, above + typed + below, above.length + typed.length).prompt,
        family.middle ?? "",
      );
      expect(now.startsWith(before)).toBe(true);
    }
  });

  it("is the same again after a jump elsewhere and back, and after edits above its window", () => {
    const prompter = prompterOf(model);
    const text = file.join("");
    const here = text.indexOf("value300");
    const first = prepare(prompter, text, here);
    expect(prepare(prompter, text, text.indexOf("value40 ")).kept).toBe(false);
    expect(prepare(prompter, text, here)).toEqual({ ...first, kept: true });
    expect(prepare(prompter, `import a;\n${text}`, here + 10)).toEqual({ ...first, kept: true });
  });

  it("keeps within bounds in one line of a megabyte", () => {
    const prompter = prompterOf(model);
    const { characters } = prepare(prompter, "a,".repeat(500_000), 500_000);
    expect(characters).toBeGreaterThan(1000);
    expect(characters).toBeLessThan(2400);
  });

  it("holds nothing but tokens in an empty file", () => {
    const { prompt, heal } = prepare(prompterOf(model), "", 0);
    expect(prompt.every((part) => "special" in part)).toBe(true);
    expect(heal).toBe("");
  });

  it("puts other files first, the likeliest nearest", () => {
    const source: ContextSource = {
      snippets: () => [
        { path: "b.ts", text: "best", score: 0.9 },
        { path: "w.ts", text: "worse", score: 0.1 },
      ],
    };
    const { prompt } = prepare(prompterOf(model, [source]), "const a = ", 9);
    const texts = prompt.map((part) => ("special" in part ? part.special : part.text));
    const format = family.repository;
    expect(texts.slice(0, 7)).toEqual([
      format?.repository,
      `repo${format?.separator}`,
      format?.file,
      `w.ts\nworse${format?.separator}`,
      format?.file,
      `b.ts\nbest${format?.separator}`,
      format?.file,
    ]);
    expect(texts.join("")).toContain("a.ts\n");
  });
});

describe("a prompt anchored some lines up", () => {
  it("keeps its anchor for many lines, then moves it in one step", () => {
    const prompter = prompterOf(qwenCoder);
    let typed = file.slice(0, 30).join("");
    let moves = 0;
    for (let line = 0; line < 60; line++) {
      typed += `const more${line} = 1;\n`;
      if (!prepare(prompter, typed, typed.length, { contextTokens: 2000 }).kept) moves++;
    }
    expect(moves).toBe(2);
  });

  it("prepares the next anchor before the present one is used up", () => {
    const prompter = prompterOf(qwenCoder);
    const settings = { ...plainSettings, contextTokens: 2000 };
    let typed = file.slice(0, 30).join("");
    prepare(prompter, typed, typed.length, settings);
    typed += "x = 1;\n".repeat(25);
    const document = documentOf(typed);
    const place = placeOf(document, typed.length);
    const request = {
      document,
      offset: typed.length,
      trigger: "automatic",
      requestId: "1",
    } as const;
    prepare(prompter, typed, typed.length, settings);
    const next = prompter.successor(place, request, settings);
    next?.adopt();
    const { prompt, kept } = prepare(prompter, typed, typed.length, settings);
    expect(kept).toBe(true);
    expect(prompt).toEqual(next?.prompt.prompt);
    expect(after(prompt, "<|fim_middle|>").split("\n").length).toBeLessThan(7);
  });
});
