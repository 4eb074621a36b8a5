import { expect, it } from "vitest";
import { signatureOf } from "../../../../server/workflow/generate/signature.ts";

const check = (task: string, languageId: string, head: string | undefined, isOpened = true) => {
  const found = signatureOf(task, languageId);
  expect(found?.head).toBe(head);
  if (head !== undefined) expect(found?.isOpened).toBe(isOpened);
};

it("takes a declaration in the language's own form as it is", () => {
  check(
    "Add: `function add(a: number): number`",
    "typescript",
    "function add(a: number): number {",
  );
  check("Add:\nasync def add(a, b) -> int:\n", "python", "async def add(a, b) -> int:");
  check("`func Add(a, b int) int`", "go", "func Add(a, b int) int {");
  check("`pub fn add(a: i32) -> i32`", "rust", "pub fn add(a: i32) -> i32 {");
  check("`public static int add(int a, int b)`", "java", "public static int add(int a, int b) {");
  check("`int add(int a, int b);`", "c", "int add(int a, int b) {");
  check("`class Stack<T>`", "typescript", "class Stack<T> {");
});

it("makes a declaration of a call, and leaves types to the model where it has none", () => {
  check("Add in `add(a: number): number`.", "typescript", "function add(a: number): number {");
  check("Add in `add(a, b) -> int`.", "python", "def add(a, b) -> int:");
  check("Add in `add(a, b)`.", "javascript", "function add(a, b) {");
  check("Add in `add(a, b)`.", "typescript", "function add(", false);
  check("Add in `add(a, b)`.", "go", "func add(", false);
  check("Such as `add(1, 2)`.", "javascript", "function add(", false);
});

it("begins with a name that the task gives in words", () => {
  check(
    "A function called parseDuration that parses",
    "typescript",
    "function parseDuration(",
    false,
  );
  check("Write a class LruCache with get", "python", "class LruCache", false);
  check("a function `add`", "python", "def add(", false);
});

it("knows the kind alone, or nothing", () => {
  check("A function that adds", "python", "def ", false);
  check("A class for stacks", "typescript", "class ", false);
  check("Print the numbers to ten", "python", undefined);
  check("A function that adds", "haskell", undefined);
});

it("takes the name from what tests import", () => {
  const tests = 'import { groupBy } from "./groupBy";';
  expect(signatureOf("Group", "typescript", { tests, isExported: true })).toEqual({
    ...{ name: "groupBy", head: "export function groupBy(", isOpened: false },
  });
  const python = "from stack import Stack\n";
  expect(signatureOf("A stack", "python", { tests: python })?.head).toBe("class Stack");
});

it("begins a function where one is wanted though the task names none", () => {
  expect(signatureOf("Print the numbers to ten", "go", { isFunction: true })).toEqual({
    ...{ head: "func ", isOpened: false },
  });
  expect(signatureOf("Print the numbers to ten", "c", { isFunction: true })).toBeUndefined();
});
