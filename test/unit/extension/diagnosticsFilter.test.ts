import { describe, expect, it } from "vitest";
import {
  createDiagnosticsFilter,
  meet,
  type Span,
} from "../../../extension/findings/diagnosticsFilter.ts";

function span(line: number, from: number, to: number, lastLine = line): Span {
  return { start: { line, character: from }, end: { line: lastLine, character: to } };
}

interface Drawn {
  readonly range: Span;
  readonly text: string;
}

function setUp() {
  let errors: Span[] = [];
  const shown: string[][] = [];
  const filter = createDiagnosticsFilter<string, Drawn>({ errorsOf: () => errors });
  const next = (_uri: string, drawn: Drawn[]): void => {
    shown.push(drawn.map(({ text }) => text));
    // As in the editor: what is shown changes diagnostics, which is told at once.
    filter.onDiagnosticsChanged(["a.ts"]);
  };
  return {
    filter,
    shown,
    publish: (...drawn: Drawn[]) => {
      filter.handle("a.ts", drawn, next);
    },
    setErrors: (...next: Span[]) => {
      errors = next;
      filter.onDiagnosticsChanged(["a.ts"]);
    },
  };
}

const first = { range: span(1, 4, 8), text: "first" };
const second = { range: span(5, 0, 3), text: "second" };

describe("the filter of diagnostics", () => {
  it("lets through what no other tool reports an error at", () => {
    const { publish, shown } = setUp();
    publish(first, second);
    expect(shown).toEqual([["first", "second"]]);
  });

  it("keeps back what another tool's error covers, from the start", () => {
    const { publish, shown, setErrors } = setUp();
    setErrors(span(1, 6, 20));
    publish(first, second);
    expect(shown).toEqual([["second"]]);
  });

  it("hides a finding when an error comes and shows it again when the error goes", () => {
    const { publish, shown, setErrors } = setUp();
    publish(first, second);
    setErrors(span(1, 0, 5));
    setErrors();
    expect(shown).toEqual([["first", "second"], ["second"], ["first", "second"]]);
  });

  it("shows nothing anew while the same findings are visible", () => {
    const { publish, shown, setErrors } = setUp();
    publish(first);
    setErrors(span(9, 0, 1));
    setErrors(span(9, 0, 1), span(10, 0, 1));
    expect(shown).toHaveLength(1);
  });

  it("does not bring back what the server has taken away", () => {
    const { publish, shown, setErrors } = setUp();
    setErrors(span(1, 4, 8));
    publish(first);
    publish();
    setErrors();
    expect(shown).toEqual([[], []]);
  });

  it("forgets everything with the server", () => {
    const { filter, publish, shown, setErrors } = setUp();
    setErrors(span(1, 4, 8));
    publish(first);
    filter.reset();
    setErrors();
    expect(shown).toEqual([[]]);
  });
});

describe("two places", () => {
  it.each([
    ["overlap", span(1, 0, 5), span(1, 4, 8), true],
    ["one inside the other", span(0, 0, 0, 9), span(1, 4, 8), true],
    ["only touch", span(1, 0, 4), span(1, 4, 8), false],
    ["an empty one at the edge", span(1, 4, 4), span(1, 4, 8), true],
    ["an empty one inside", span(1, 6, 6), span(1, 4, 8), true],
    ["an empty one outside", span(1, 9, 9), span(1, 4, 8), false],
    ["on other lines", span(2, 4, 8), span(1, 4, 8), false],
  ])("%s", (_title, one, other, expected) => {
    expect(meet(one, other)).toBe(expected);
    expect(meet(other, one)).toBe(expected);
  });
});
