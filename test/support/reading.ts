import type { CodeReading, Span } from "../../server/syntax/reading.ts";
import { loadedSyntax } from "./syntax.ts";

/** Renders what is read from code as short lines of text, for tests that are pleasant to read. */
export interface ReadingNotation {
  reading(code: string): CodeReading;
  /** `name:role` of each name. */
  names(code: string): string;
  /** `left [operator kind] right` of each operator. */
  operators(code: string): string[];
  literals(code: string): string;
  /** `callee(argument, argument)`, with `await` before it and `;` after it where it is so. */
  calls(code: string): string[];
  /** `object . property`, with `()` where it is called. */
  members(code: string): string[];
  /** `if: condition`. */
  conditions(code: string): string[];
  /** `kind name`, indented by the units around it, `async` before it, and where it begins and ends. */
  units(code: string): string[];
  /** `statement`, with `(last)` where it is so. */
  statements(code: string): string[];
  /** `name: header`. */
  declarations(code: string): string[];
  /** The text of each import, comment or error. */
  texts(code: string, list: "imports" | "comments" | "errors"): string[];
  dispose(): void;
}

/** Loads a language's grammar. */
export async function readingNotation(languageId: string): Promise<ReadingNotation> {
  const syntax = await loadedSyntax(languageId);
  function read(code: string): CodeReading {
    const found = syntax.read(languageId, code);
    if (found === undefined) throw new Error(`${languageId} is not read`);
    return found;
  }
  function mapped<K extends keyof CodeReading>(
    code: string,
    list: K,
    render: (
      each: CodeReading[K][number],
      text: (span: Span | undefined) => string,
      reading: CodeReading,
    ) => string,
  ): string[] {
    const text = (span: Span | undefined): string =>
      span === undefined ? "" : code.slice(span.start, span.end);
    const found = read(code);
    return found[list].map((each) => render(each, text, found));
  }
  return {
    reading: read,
    names: (code) => mapped(code, "names", ({ text, role }) => `${text}:${role}`).join(" "),
    operators: (code) =>
      mapped(code, "operators", (each, text) =>
        `${text(each.left)} [${each.text} ${each.kind}] ${text(each.right)}`.trim(),
      ),
    literals: (code) => mapped(code, "literals", ({ text, kind }) => `${text}:${kind}`).join(" "),
    calls: (code) =>
      mapped(code, "calls", (each, text) => {
        const call = `${text(each.callee)}(${each.arguments.map(text).join(", ")})`;
        return `${each.awaited ? "await " : ""}${call}${each.isStatement ? ";" : ""}`;
      }),
    members: (code) =>
      mapped(
        code,
        "members",
        (each, text) => `${text(each.object)} . ${each.property.text}${each.called ? "()" : ""}`,
      ),
    conditions: (code) => mapped(code, "conditions", (each, text) => `${each.of}: ${text(each)}`),
    units: (code) =>
      mapped(code, "units", (each, text, { units }) => {
        let depth = 0;
        for (let at = each.parent; at >= 0; at = units[at]?.parent ?? -1) depth++;
        const whole = text(each).replace(/\s+/g, " ");
        const short = whole.length > 40 ? `${whole.slice(0, 20)} … ${whole.slice(-10)}` : whole;
        return `${"  ".repeat(depth)}${each.isAsync ? "async " : ""}${each.kind} ${each.name}: ${short}`;
      }),
    statements: (code) =>
      mapped(code, "statements", (each, text) => `${text(each)}${each.isLast ? " (last)" : ""}`),
    declarations: (code) =>
      mapped(code, "declarations", (each, text) => `${each.name}: ${text(each.header)}`),
    texts: (code, list) => mapped(code, list, (each, text) => text(each)),
    dispose: () => {
      syntax.dispose();
    },
  };
}
