import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawKinds, type CandidateFunction } from "../../../../scripts/eval/review/drawCases.ts";
import {
  bugKinds,
  plantBug,
  type Bug,
  type CodeReader,
} from "../../../../scripts/eval/review/inject/bugs.ts";
import { createPythonReader } from "../../../../scripts/eval/review/inject/pythonReader.ts";
import { scriptReader } from "../../../../scripts/eval/review/inject/scriptReader.ts";
import { seededRandom } from "../../../../scripts/eval/random.ts";

const script = `async function load(client, count, isOpen) {
  const first = await client.read(count, isOpen);
  if (!isOpen && count < first.size) {
    client.close();
    return client.write(first.size + 1, first);
  }
  for (let index = 0; index < count; index += 1) {
    if (first.ready && count === index) return index * count;
  }
  return first.done;
}
`;

const python = `async def load(client, count, is_open):
    first = await client.read(count, is_open)
    if not is_open and count < first.size:
        client.close()
        return client.write(first.size + 1, first)
    for index in range(0, count):
        if first.ready and count is not index:
            return index * count
    return first.done
`;

let pythonReader: CodeReader & { dispose(): void };

beforeAll(async () => {
  pythonReader = await createPythonReader();
});
afterAll(() => {
  pythonReader.dispose();
});

const languages = [
  { language: "typescript", path: "load.ts", text: script.replace("count,", "count: number,") },
  { language: "javascript", path: "load.js", text: script },
  { language: "python", path: "load.py", text: python },
] as const;

function readerOf(language: string): CodeReader {
  return language === "python" ? pythonReader : scriptReader;
}

function bugsOf(language: string, path: string, text: string): Bug[] {
  const file = readerOf(language).read(path, text);
  return (file?.sitesIn(0, text.length) ?? []).flatMap(({ bugs }) => bugs);
}

describe.each(languages)("bugs planted in $language", ({ language, path, text }) => {
  it("are of every kind", () => {
    const kinds = new Set(bugsOf(language, path, text).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...bugKinds].sort());
  });

  it("leave code that parses and differs from what was there", () => {
    for (const bug of bugsOf(language, path, text)) {
      const planted = plantBug(text, bug);
      expect(planted).not.toBe(text);
      expect(readerOf(language).parses(path, planted), planted).toBe(true);
    }
  });

  it("change one place only, so that the text can be restored", () => {
    for (const bug of bugsOf(language, path, text)) {
      const planted = plantBug(text, bug);
      const back = {
        ...bug,
        end: bug.start + bug.text.length,
        text: text.slice(bug.start, bug.end),
      };
      expect(plantBug(planted, back)).toBe(text);
    }
  });

  it("are drawn alike for the same seed and differently for another", () => {
    const file = readerOf(language).read(path, text);
    const candidate: CandidateFunction = {
      package: "sample",
      split: "fit",
      language,
      path,
      text,
      name: "load",
      start: 0,
      end: text.length,
      sites: file?.sitesIn(0, text.length) ?? [],
    };
    const candidates = Array.from({ length: 30 }, (_, index) => ({
      ...candidate,
      package: `sample${index % 3}`,
    }));
    const draw = (seed: number): unknown => [
      ...drawKinds(candidates, 3, readerOf(language), seededRandom(seed)).values(),
    ];
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

function written(language: string, path: string, text: string, kind: Bug["kind"]): string[] {
  return bugsOf(language, path, text)
    .filter((bug) => bug.kind === kind)
    .map((bug) => plantBug(text, bug).trim());
}

describe("what a bug is made of", () => {
  const check = (path: string, text: string, kind: Bug["kind"], expected: readonly string[]) => {
    const language = path.endsWith(".py") ? "python" : "javascript";
    expect(written(language, path, text, kind)).toEqual(expected);
  };

  it("takes another variable that is visible, never one declared later", () => {
    check("a.js", "function f(a, b) { g(a); let c; }", "wrong-identifier", [
      "function f(a, b) { g(b); let c; }",
    ]);
    check("a.py", "def f(a, b):\n    g(a)\n    c = 1", "wrong-identifier", [
      "def f(a, b):\n    g(b)\n    c = 1",
    ]);
  });

  it("leaves keys, declarations and what is written to alone", () => {
    check("a.js", "function f(a, b) { a = { b: 1 }; }", "wrong-identifier", []);
    check("a.py", "def f(a, b):\n    a = g(b=1)", "wrong-identifier", []);
  });

  it("takes another member of the same object that is used in the same way", () => {
    check("a.js", "function f(a) { a.x(); a.y(); g(a.z); }", "wrong-member", [
      "function f(a) { a.y(); a.y(); g(a.z); }",
      "function f(a) { a.x(); a.x(); g(a.z); }",
    ]);
    check("a.py", "def f(a):\n    g(a.x)\n    a.y()\n    return a.z", "wrong-member", [
      "def f(a):\n    g(a.z)\n    a.y()\n    return a.z",
      "def f(a):\n    g(a.x)\n    a.y()\n    return a.x",
    ]);
  });

  it("never subtracts from text", () => {
    check("a.js", "function f(a) { return 'x' + a + 1; }", "wrong-operator", []);
    check("a.py", "def f(a):\n    return 'x' % a", "wrong-operator", []);
  });

  it("swaps neighbours in a call, but no keyword arguments and no order that does not matter", () => {
    check("a.js", "function f(a, b) { g(a, b); Math.max(a, b); }", "swapped-arguments", [
      "function f(a, b) { g(b, a); Math.max(a, b); }",
    ]);
    check("a.py", "def f(a, b):\n    g(a, b, k=a)", "swapped-arguments", [
      "def f(a, b):\n    g(b, a, k=a)",
    ]);
  });

  it("keeps awaits that a caller awaits anyway, and returns that only hand on", () => {
    check("a.js", "async function f(a) { return await g(a); }", "missing-await", []);
    check("a.js", "function f(next) { return next(1); }", "missing-return", []);
  });

  it("reads nothing where the code does not parse", () => {
    expect(scriptReader.read("a.js", "function f( {")).toBeUndefined();
    expect(pythonReader.read("a.py", "def f(:\n")).toBeUndefined();
  });
});
