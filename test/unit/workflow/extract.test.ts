import { expect, it } from "vitest";
import { extractCode, indented } from "../../../server/workflow/extract.ts";

const check = (answer: string, code: string, prefix = "```ts\n", language = "typescript") => {
  expect(extractCode(answer, language, prefix).code).toBe(code);
};

it("takes the code up to the fence that was opened for the model", () => {
  check("const a = 1;\n```\nThis sets a.", "const a = 1;");
  check("const a = 1;\n", "const a = 1;");
  check("", "");
});

it("takes the fenced block where the model began anew", () => {
  check("Sure, here it is:\n\n```typescript\nconst a = 1;\n```\nDone.", "const a = 1;");
  check("Sure:\n```ts\r\nconst a = 1;\r\n```", "const a = 1;");
});

it("takes the blocks in the language of several, each once", () => {
  const answer =
    "```bash\nnpm i\n```\n```ts\nconst a = 1;\n```\nand\n```ts\nconst b = 2;\n```\n```ts\nconst a = 1;\n```";
  check(answer, "const a = 1;\n\nconst b = 2;", "");
});

it("takes an answer without a fence, apart from sentences around it", () => {
  check(
    "Here is the code:\n\nconst a = 1;\nconst b = 2;\n\nThis is all.",
    "const a = 1;\nconst b = 2;",
    "",
  );
  check("I cannot do that.", "I cannot do that.", "");
});

it("says that a block was left open", () => {
  expect(extractCode("const a = [", "typescript", "```ts\n").isWhole).toBe(false);
  expect(extractCode("const a = 1;\n```", "typescript", "```ts\n").isWhole).toBe(true);
});

it("indents code as its place is, the first line not again", () => {
  expect(indented("    a();\n      b();\n\n    c();", "  ")).toBe("a();\n    b();\n\n  c();");
});
