import type { WorkflowTask } from "../../../server/protocol/workflow.ts";

/** Tasks as people write them; the last two begin with code that has a mistake. */
export const benchTasks: readonly (Pick<WorkflowTask, "task" | "language"> &
  Partial<WorkflowTask>)[] = [
  {
    task: 'Parse a duration such as "1h30m" or "45s" into milliseconds in a function `parseDuration(text: string): number`. Throw an Error for text that is no duration.',
    language: "typescript",
  },
  {
    task: "Group the items of an array by a key.",
    language: "typescript",
    requirements: ["The items of a group keep their order."],
    tests: [
      'import { groupBy } from "./groupBy";',
      "expect(groupBy([{ a: 1 }, { a: 2 }], (item) => item.a)).toEqual({ 1: [{ a: 1 }], 2: [{ a: 2 }] });",
    ].join("\n"),
  },
  {
    task: "Write a class LruCache with get and put and a capacity given to the constructor.",
    language: "python",
    requirements: [
      "get returns None for a missing key.",
      "put evicts the least recently used entry.",
    ],
  },
  {
    task: "Check whether a string is a palindrome, ignoring case and punctuation.",
    language: "python",
    before:
      'import re\n\n\ndef words(text: str) -> list[str]:\n    return re.findall(r"\\w+", text)\n\n\n',
    after: "\n\ndef main():\n    print(is_palindrome(input()))\n",
  },
  {
    task: "",
    language: "typescript",
    code: [
      "export function largest(values: number[]): number {",
      "  let found = values[0] ?? 0;",
      "  for (let i = 0; i <= values.length; i++) {",
      "    const value = values[i];",
      "    if (value < found) found = value;",
      "  }",
      "  return found;",
      "}",
      "",
    ].join("\n"),
  },
  {
    task: "",
    language: "python",
    code: [
      "def average(values):",
      '    """The mean of the values; None where there are none."""',
      "    if len(values) != 0:",
      "        return None",
      "    total = 0",
      "    for value in values:",
      "        total -= value",
      "    return total / len(values)",
      "",
    ].join("\n"),
  },
];
