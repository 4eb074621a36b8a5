import { expect, it } from "vitest";
import { closingAfter, coveredClosing } from "../../../server/completion/closing.ts";
import { createFixture, told } from "./support/createFixture.ts";

it.each([
  [")\nnext", ")"],
  ['");  \r\n', '");'],
  ["}", "}"],
  [");", ");"],
  ["", ""],
  [") {\n", ""],
  [")x", ""],
  [" )\n", ""],
])("what closes before the end of the line in %j is %j", (after, closing) => {
  expect(closingAfter(after)).toBe(closing);
});

it.each([
  ["a, b", ")", 0],
  ["a, b);", ")", 1],
  ["bar(x)", ")", 0],
  ["bar(x));", ")", 1],
  ['name")', '")', 2],
  ['name", other', '")', 1],
  ["'(' + x)", ")", 1],
  ["a)", ");", 1],
  ["a);", ");", 2],
  ["value;", ";", 1],
  ["value", ";", 0],
  ["x]", ")", 0],
])("the text %j brings so many of %j itself: %i", (text, closing, covered) => {
  expect(coveredClosing(text, closing)).toBe(covered);
});

it("does not evaluate the suffix again for brackets that the editor closes, and replaces them", async () => {
  const fixture = createFixture({ settings: { cache: false } });
  const { engine, clock } = fixture;
  const below = "\nconst below = 1;\n".repeat(20);
  engine.script = ({ heal }) => (heal === "(" ? "first);\n" : "\n");
  const asked = [fixture.ask(`call|${below}`)];
  await clock.advance(1000);
  asked.push(fixture.ask(`call(|)${below}`));
  await clock.advance(1000);
  const result = await asked[1];
  expect(engine.calls[1]?.usage.evaluatedTokens).toBe(4);
  expect(result && told(result)).toBe("model: first);");
  expect(result).toMatchObject({ suggestion: { start: 5, end: 6 } });
});

it("finds a suggestion again when its closing bracket was typed over the editor's", async () => {
  const fixture = createFixture();
  const { engine, clock } = fixture;
  engine.script = () => "first);\n";
  void fixture.ask("call(|)\nx");
  await clock.advance(1000);
  expect(told(await fixture.ask("call(first|)\nx"))).toBe("cache: );");
  expect(told(await fixture.ask("call(first)|\nx"))).toBe("cache: ;");
  expect(engine.calls).toHaveLength(1);
});
