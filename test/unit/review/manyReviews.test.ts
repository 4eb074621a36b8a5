import { describe, expect, it } from "vitest";
import {
  createFixture,
  createStores,
  documentOf,
  linesOf,
  readyState,
  settle,
  uri,
} from "./support/fixture.ts";

describe("reviews of one document", () => {
  it("are one in a storm of saves: the last", async () => {
    const { reviewer, clock, finder } = createFixture();
    const outcomes: Promise<string>[] = [];
    for (const text of ["one();", "two();", "three();"]) {
      const request = {
        document: documentOf(text),
        ...({ scope: "changed", trigger: "save", requestId: text } as const),
      };
      const signal = new AbortController().signal;
      outcomes.push(reviewer.review(request, () => undefined, signal).then(({ kind }) => kind));
      clock.advance(100);
    }
    await settle();
    expect(finder.looks).toEqual([]);
    clock.advance(50);
    expect(await Promise.all(outcomes)).toEqual(["cancelled", "cancelled", "done"]);
    expect(finder.looks.map(({ text }) => text)).toEqual(["three();"]);
  });

  it("end when a newer one begins, and leave no trace", async () => {
    const { reviewer, review, finder, lookedLines } = createFixture();
    finder.before = (_chunk, signal) =>
      new Promise((resolve) =>
        signal.addEventListener("abort", () => resolve({ kind: "cancelled" })),
      );
    const request = {
      document: documentOf("BUG();\ntwo();"),
      ...({ scope: "changed", trigger: "command", requestId: "1" } as const),
    };
    let told = 0;
    const first = reviewer.review(request, () => told++, new AbortController().signal);
    await settle();
    finder.before = () => Promise.resolve(undefined);
    lookedLines();
    const second = await review("BUG();\ntwo();\nthree();");
    expect(await first).toEqual({ kind: "cancelled" });
    expect(told).toBe(0);
    expect(lookedLines()).toEqual([1, 2, 3]);
    expect(linesOf(second)).toEqual([1]);
  });

  it("end by their signal, while they wait for a model or for their turn, too", async () => {
    const { reviewer, engine, finder } = createFixture();
    engine.setState({ kind: "starting" });
    const begin = (address: string) => {
      const abort = new AbortController();
      const document = documentOf("one();", { uri: address });
      const request = {
        document,
        ...({ scope: "file", trigger: "command", requestId: address } as const),
      };
      return { abort, outcome: reviewer.review(request, () => undefined, abort.signal) };
    };
    const first = begin("file:///1.ts");
    const second = begin("file:///2.ts");
    const third = begin("file:///3.ts");
    await settle();
    second.abort.abort();
    first.abort.abort();
    expect(await first.outcome).toEqual({ kind: "cancelled" });
    expect(await second.outcome).toEqual({ kind: "cancelled" });
    engine.setState(readyState);
    expect((await third.outcome).kind).toBe("done");
    expect(finder.looks).toHaveLength(1);
  });

  it("are not held up by a reviewer of chunks that does not heed its signal", async () => {
    const { reviewer, review, finder } = createFixture();
    finder.before = () => new Promise(() => undefined);
    const abort = new AbortController();
    const request = {
      document: documentOf("one();"),
      ...({ scope: "file", trigger: "command", requestId: "1" } as const),
    };
    const stuck = reviewer.review(request, () => undefined, abort.signal);
    await settle();
    abort.abort();
    expect(await stuck).toEqual({ kind: "cancelled" });
    finder.before = () => Promise.resolve(undefined);
    expect(linesOf(await review("BUG();"))).toEqual([1]);
  });

  it("wait for each other across documents", async () => {
    const { review, finder } = createFixture();
    let running = 0;
    let most = 0;
    finder.before = async () => {
      most = Math.max(most, ++running);
      await settle();
      running--;
      return undefined;
    };
    await Promise.all(
      [1, 2, 3].map((i) => review(documentOf("one();", { uri: `file:///${i}.ts` }))),
    );
    expect(most).toBe(1);
  });

  it("know nothing of a document that was closed, and everything of one renamed", async () => {
    const { reviewer, review } = createFixture();
    await review("one();\nBUG();");
    reviewer.renamed(uri, "file:///project/b.ts");
    const moved = documentOf("one();\nBUG();", { uri: "file:///project/b.ts", path: "b.ts" });
    const renamed = await review(moved);
    expect(renamed.skipped?.reason).toBe("unchanged");
    expect(linesOf(renamed)).toEqual([2]);
    reviewer.closed(moved.uri);
    const reopened = await review(moved);
    expect(reopened.skipped).toBeUndefined();
    expect(linesOf(reopened)).toEqual([2]);
  });

  it("are settled when the reviewer is disposed of", async () => {
    const { reviewer, engine, review } = createFixture();
    engine.setState({ kind: "starting" });
    const pending = review("one();");
    await settle();
    reviewer.dispose();
    await expect(pending).rejects.toThrow("cancelled");
    expect(engine.listenerCount()).toBe(0);
  });
});

describe("dismissed findings", () => {
  it("stay away after a restart, where lines moved and white space changed", async () => {
    const stores = createStores();
    const { reviewer, review } = createFixture({ stores });
    const { findings } = await review("BUG(a, b);\nother(BUG);");
    const first = findings.find(({ range }) => range.start.line === 0);
    await reviewer.dismiss(uri, first?.fingerprint ?? "");
    const next = createFixture({ stores });
    const text = "zero();\n\n  BUG( a,b );\nother(BUG);";
    expect(linesOf(await next.review(text, { scope: "file" }))).toEqual([4]);
    await next.reviewer.restoreDismissed();
    expect(linesOf(await next.review(text, { scope: "file" }))).toEqual([3, 4]);
  });

  it("are told apart on equal lines", async () => {
    const { reviewer, review } = createFixture();
    const text = "BUG();\nBUG();\nBUG();";
    const { findings } = await review(text);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    const second = findings.find(({ range }) => range.start.line === 1);
    await reviewer.dismiss(uri, second?.fingerprint ?? "");
    expect(linesOf(await review(text, { scope: "file" }))).toEqual([1, 3]);
  });

  it("are told apart within one line by what their fix makes of it", async () => {
    const { review } = createFixture();
    const { findings } = await review("call(BUG, BUG);");
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it("go along with a file that gets another name", async () => {
    const { reviewer, review } = createFixture();
    const { findings } = await review("BUG();");
    await reviewer.dismiss(uri, findings[0]?.fingerprint ?? "");
    reviewer.renamed(uri, "file:///project/b.ts");
    await settle();
    const moved = documentOf("BUG();", { uri: "file:///project/b.ts", path: "b.ts" });
    expect((await review(moved, { scope: "file" })).findings).toEqual([]);
  });
});
