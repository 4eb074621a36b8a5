import { beforeEach, describe, expect, it } from "vitest";
import {
  createProgressBar,
  type ProgressPort,
  type ProgressToken,
} from "../../../../server/lsp/review/progress.ts";
import { createManualClock, type ManualClock } from "../../../support/manualClock.ts";

describe("the progress of a review", () => {
  let clock: ManualClock;
  let sent: object[];
  let created: (() => Promise<ProgressToken | undefined>) | undefined;
  let cancels: Map<ProgressToken, () => void>;
  let cancelled: number;

  beforeEach(() => {
    clock = createManualClock();
    sent = [];
    created = () => Promise.resolve("own");
    cancels = new Map();
    cancelled = 0;
  });

  function bar(token: ProgressToken | undefined, afterMs: number | undefined) {
    const port: ProgressPort = {
      create: () => created?.() ?? Promise.resolve(undefined),
      send: (of, { kind, ...rest }) => sent.push({ of, kind, ...rest }),
      onCancel(of, cancel) {
        cancels.set(of, cancel);
        return () => void cancels.delete(of);
      },
    };
    const cancel = () => (cancelled += 1);
    return createProgressBar({ port, clock, title: "Reviewing a.ts", token, afterMs, cancel });
  }

  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

  it("is shown at once under the client's token, counted, and ended once", () => {
    const shown = bar("theirs", undefined);
    expect(sent).toEqual([
      { of: "theirs", kind: "begin", title: "Reviewing a.ts", cancellable: true, percentage: 0 },
    ]);
    shown.report(1, 4);
    expect(sent.at(-1)).toEqual({
      ...{ of: "theirs", kind: "report" },
      ...{ percentage: 25, message: "1 of 4" },
    });
    shown.end();
    shown.end();
    shown.report(2, 4);
    expect(sent.slice(2)).toEqual([{ of: "theirs", kind: "end" }]);
  });

  it("begins late with what was done until then", async () => {
    const shown = bar(undefined, 1000);
    shown.report(1, 2);
    clock.advance(999);
    await settled();
    expect(sent).toEqual([]);
    clock.advance(1);
    await settled();
    expect(sent).toMatchObject([{ of: "own", kind: "begin", percentage: 50 }]);
  });

  it("is not shown for a review that ends before its time", async () => {
    bar(undefined, 1000).end();
    clock.advance(5000);
    await settled();
    expect(sent).toEqual([]);
  });

  it("is not begun when the review ends while the client is asked for it", async () => {
    let answer: (token: ProgressToken) => void = () => undefined;
    created = () => new Promise((resolve) => (answer = resolve));
    const shown = bar(undefined, 1000);
    clock.advance(1000);
    shown.end();
    answer("own");
    await settled();
    expect(sent).toEqual([]);
  });

  it.each([
    ["shows none", () => Promise.resolve(undefined)],
    ["refuses", () => Promise.reject(new Error("no"))],
  ])("does no harm with a client that %s", async (_, create) => {
    created = create;
    const shown = bar(undefined, 1000);
    clock.advance(1000);
    await settled();
    shown.report(1, 2);
    shown.end();
    expect(sent).toEqual([]);
  });

  it("cancels the review until that has ended", () => {
    const shown = bar("theirs", undefined);
    cancels.get("theirs")?.();
    expect(cancelled).toBe(1);
    shown.end();
    expect(cancels.size).toBe(0);
  });
});
