import { expect, it } from "vitest";
import { cutForHealing } from "../../../../server/completion/prompt/heal.ts";

function check(text: string, heal: string): void {
  expect(cutForHealing(text)).toEqual({ kept: text.slice(0, text.length - heal.length), heal });
}

it("cuts the last word with the one space before it", () => {
  check("  retur", " retur");
  check("a.foo", "foo");
  check("x = $a1", " $a1");
});

it("cuts white space and punctuation that end a text", () => {
  check("if (a) {\n    ", "\n    ");
  check("if (a) {\r\n\t", "\r\n\t");
  check("foo(", "(");
  check("a =>", " =>");
});

it("cuts nothing from nothing", () => check("", ""));

it("treats letters of every script as parts of words", () => {
  check("let größe", " größe");
  check("let café", " café");
  check("x = 変数", " 変数");
  check("שלום עולם", " עולם");
});

it("never parts a character", () => {
  for (const piece of ["🙂", "👩‍💻", "e\u0301", "=\u0338", "🇩🇪", "\r\n"]) {
    for (let count = 1; count < 60; count++) {
      const { kept, heal } = cutForHealing(`a${piece.repeat(count)}`);
      expect(kept + heal).toBe(`a${piece.repeat(count)}`);
      expect(kept.length === 0 || (kept.length - 1) % piece.length === 0).toBe(true);
    }
  }
});

it("heals no more than some tokens of a word without end", () => {
  expect(cutForHealing("a".repeat(10_000)).heal.length).toBeLessThanOrEqual(48);
});
