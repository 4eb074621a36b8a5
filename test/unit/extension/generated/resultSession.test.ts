import { describe, expect, it } from "vitest";
import {
  createResultSession,
  type PlaceDocument,
} from "../../../../extension/generated/resultSession.ts";
import { toCodedError } from "../../../../server/protocol/errors.ts";
import type { KeptWorkflow } from "../../../../server/protocol/workflow.ts";
import { keptWorkflow, workflowRound } from "../../../support/workflows.ts";

const original = "let a = 1;\nlet b = 2;\nlet c = 3;\nlet d = 4;";
const better = "let a = 10;\nlet b = 2;\nlet c = 3;\nlet d = 40;\n";
const other = "let a = 7;\nlet b = 2;\nlet c = 3;\nlet d = 4;\n";
const start = "// top\n";
const end = "\n// end\n";
const range = { start: { line: 1, character: 0 }, end: { line: 4, character: 10 } };

const rounds = [workflowRound({ code: other }), workflowRound({ round: 1, code: better })];
const place = { uri: "file:///a.ts", range, original, around: { before: start, after: end } };
const kept = keptWorkflow({ code: better, rounds, best: 1 }, place);

function documentWith(text: string | undefined) {
  const held = { text, isReadOnly: false };
  const document: { -readonly [Key in keyof PlaceDocument]: PlaceDocument[Key] } = {
    name: "a.ts",
    read: () => Promise.resolve(held.text),
    replace(from, to, fresh) {
      if (held.isReadOnly || held.text === undefined) return Promise.resolve(false);
      held.text = held.text.slice(0, from) + fresh + held.text.slice(to);
      return Promise.resolve(true);
    },
    offsetOf(all, { line, character }) {
      const above = all.split("\n").slice(0, line);
      return above.reduce((sum, each) => sum + each.length + 1, character);
    },
  };
  return { held, document };
}

async function open(
  result: KeptWorkflow = kept,
  text: string | undefined = start + original + end,
) {
  const { held, document } = documentWith(text);
  const session = createResultSession(result, document);
  await session.refresh();
  return { held, document, session, states: () => session.view.hunks.map(({ state }) => state) };
}

describe("a result", () => {
  it("is applied, taken back and discarded change by change", async () => {
    const { held, session, states } = await open();
    expect(session.view.place).toEqual({ kind: "found", name: "a.ts", line: 2 });
    await session.apply([1]);
    expect(held.text).toBe(start + original.replace("d = 4", "d = 40") + end);
    expect(states()).toEqual(["open", "applied"]);
    await session.discard([0, 1]);
    expect(states()).toEqual(["discarded", "applied"]);
    await session.takeBack([0, 1]);
    expect(held.text).toBe(start + original + end);
    expect(states()).toEqual(["open", "open"]);
    await session.apply([0, 1]);
    expect(held.text).toBe(start + better.trimEnd() + end);
  });

  it("loses no decision that comes while another is carried out", async () => {
    const { held, document, session, states } = await open();
    const { replace } = document;
    let finish = (): void => undefined;
    const isSlow = new Promise<void>((resolve) => (finish = resolve));
    document.replace = async (...edit) => {
      const isDone = await replace(...edit);
      await isSlow;
      return isDone;
    };
    const applied = session.apply([1]);
    // As when the editor tells of the change before it says that it is done.
    const all = Promise.all([applied, session.refresh(), session.discard([0])]);
    finish();
    await all;
    expect(states()).toEqual(["discarded", "applied"]);
    expect(session.view.place.kind).toBe("found");
    expect(held.text).toContain("d = 40");
  });

  it("goes on after a change that could not be made", async () => {
    const { held, session, states } = await open();
    held.isReadOnly = true;
    const failure = session.apply([1]).catch(toCodedError);
    await session.discard([0]);
    expect(await failure).toMatchObject({ code: "VALIDATION_ERROR" });
    expect(states()).toEqual(["discarded", "open"]);
  });

  it("finds its place again when the document moved", async () => {
    const { held, session } = await open();
    held.text = `// new\n${held.text ?? ""}`;
    await session.apply([0]);
    expect(held.text).toBe(`// new\n${start}${original.replace("a = 1", "a = 10")}${end}`);
    expect(session.view.place).toMatchObject({ line: 3 });
  });

  it("changes nothing where its place was changed meanwhile, and says so", async () => {
    const { held, session, states } = await open();
    held.text = start + original.replace("b = 2", "b = 5") + end;
    const failure = await session.apply([0]).catch(toCodedError);
    expect(failure).toMatchObject({ code: "VALIDATION_ERROR" });
    expect(String(failure)).toContain("was changed meanwhile");
    expect(held.text).toContain("b = 5");
    expect(session.view.place.kind).toBe("changed");
    expect(states()).toEqual(["open", "open"]);
  });

  it("follows an undo and a redo in the editor", async () => {
    const { held, session, states } = await open();
    await session.apply([0]);
    const applied = held.text;
    held.text = start + original + end;
    await session.refresh();
    expect(states()).toEqual(["open", "open"]);
    held.text = applied;
    await session.refresh();
    expect(states()).toEqual(["applied", "open"]);
  });

  it("is the same for a document with other line breaks", async () => {
    const dos = { ...place, original: original.replaceAll("\n", "\r\n") };
    const { session } = await open({ ...kept, ...dos });
    expect(session.view.hunks).toHaveLength(2);
    expect(session.view.place.kind).toBe("found");
  });

  it("goes on with what was decided before", async () => {
    const { document, session } = await open();
    await session.apply([1]);
    await session.discard([0]);
    const again = createResultSession(kept, document, session.decision);
    await again.refresh();
    expect(again.view).toEqual(session.view);
    expect(again.view.hunks.map(({ state }) => state)).toEqual(["discarded", "applied"]);
  });

  it("shows another version against the text as it is now", async () => {
    const { held, session } = await open();
    await session.apply([0]);
    await session.showVersion(0);
    expect(session.view).toMatchObject({ shown: 0, best: 1 });
    expect(session.compared).toEqual({
      before: original.replace("a = 1", "a = 10"),
      after: other.trimEnd(),
    });
    await session.apply([0]);
    expect(held.text).toBe(start + other.trimEnd() + end);
  });

  it("is inserted on a line of its own, with its indentation", async () => {
    const at = { line: 0, character: 6 };
    const insertion = keptWorkflow(
      { rounds: [workflowRound({ code: "one();\n  two();\n" })] },
      {
        ...{ uri: "file:///a.ts", range: { start: at, end: at }, original: "", lead: "\n  " },
        around: { before: "// top", after: "\n// end\n" },
      },
    );
    const { held, session } = await open(insertion, "// top\n// end\n");
    expect(session.view.hunks[0]?.lines).toEqual([
      { kind: "same", text: "// top", old: 1, new: 1 },
      { kind: "added", text: "  one();", new: 2 },
      { kind: "added", text: "  two();", new: 3 },
    ]);
    await session.apply([0]);
    expect(held.text).toBe("// top\n  one();\n  two();\n// end\n");
  });

  it("says that the document is gone, or that it cannot be changed", async () => {
    const { held, session } = await open();
    held.isReadOnly = true;
    expect(String(await session.apply([0]).catch(toCodedError))).toContain("read-only");
    held.text = undefined;
    await session.refresh();
    expect(session.view.place).toEqual({ kind: "gone", name: "a.ts" });
  });

  it("that was asked for as a new file is all added lines", () => {
    const session = createResultSession(keptWorkflow(), undefined);
    expect(session.view.place).toEqual({ kind: "file" });
    expect(session.view.hunks[0]?.lines[0]).toMatchObject({ kind: "added", text: "return a + b;" });
    expect(session.compared.after).toBe("return a + b;\n");
  });
});
