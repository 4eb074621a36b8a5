import { describe, expect, it } from "vitest";
import { readPromptFile } from "../../../server/text/promptFile.ts";

const table = { greet: ["name", "place"], leave: [] } as const;
const file = [
  "# For people",
  "",
  "## greet",
  "",
  "Hello {{name}},",
  "welcome to {{place}}.",
  "",
  "## leave",
  "",
  "Bye.",
  "",
].join("\n");

function problemsOf(text: string): readonly string[] {
  const read = readPromptFile(text, table);
  return read.kind === "problems" ? read.problems : [];
}

describe("a file of prompts", () => {
  it("holds each prompt under its heading, without what is for people", () => {
    const read = readPromptFile(file, table);
    if (read.kind === "problems") throw new Error(read.problems.join(" "));
    expect(read.prompts.greet({ name: "Ada", place: "Turin" })).toBe(
      "Hello Ada,\nwelcome to Turin.",
    );
    expect(read.prompts.leave({})).toBe("Bye.");
  });

  it("is read the same with any line breaks", () => {
    expect(problemsOf(file.replaceAll("\n", "\r\n"))).toEqual([]);
  });

  it("does not look again at what was filled in", () => {
    const read = readPromptFile(file, table);
    if (read.kind === "problems") throw new Error(read.problems.join(" "));
    expect(read.prompts.greet({ name: "{{place}}", place: "$&" })).toBe(
      "Hello {{place}},\nwelcome to $&.",
    );
  });

  it.each([
    ["an unknown slot", file.replace("{{name}}", "{{nane}} {{name}}"), "no slot `{{nane}}`"],
    ["a missing slot", file.replace("{{name}}", "you"), "needs the slot `{{name}}`"],
    ["an unknown prompt", `${file}\n## wait\n\nWait.\n`, "no prompt `wait`"],
    ["a missing prompt", file.replace("## leave", "leave"), "`leave` is missing"],
    ["a prompt given twice", `${file}\n## leave\n\nGo.\n`, "`leave` is there twice"],
  ])("says of %s what is wrong", (_, text, problem) => {
    expect(problemsOf(text).join(" ")).toContain(problem);
  });
});
