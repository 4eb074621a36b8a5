import { describe, expect, it } from "vitest";
import type { Availability } from "../../../extension/availability.ts";
import { createInlineGate, type Cancellation } from "../../../extension/inline.ts";

interface Item {
  insertText: string;
  range?: string;
}

const invoked = 0;
const automatic = 1;
const document = "a.py";
const position = "3:7";

function createToken() {
  const listeners = new Set<() => void>();
  let cancelled = false;
  const token: Cancellation = {
    get isCancellationRequested() {
      return cancelled;
    },
    onCancellationRequested(listener) {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  const cancel = () => {
    cancelled = true;
    for (const listener of [...listeners]) {
      listener();
    }
  };
  return { token, listeners, cancel };
}

function setUp(options: { availability?: Availability; late?: boolean; served?: boolean } = {}) {
  const errors: unknown[] = [];
  let shown = 0;
  let nothings = 0;
  const kinds: number[] = [];
  let answer = (): Promise<Item[] | null> => Promise.resolve([{ insertText: "x" }]);
  const gate = createInlineGate<string, string, string>({
    availability: () => options.availability ?? { kind: "on" },
    isServed: () => options.served ?? true,
    invoked,
    automatic,
    takeLate: () => options.late ?? false,
    emptyRange: (at) => `${at}-${at}`,
    onSuggestion: () => shown++,
    onNothing: () => nothings++,
    onError: (error) => errors.push(error),
  });
  return {
    errors,
    shown: () => shown,
    nothings: () => nothings,
    kinds,
    asked: () => kinds.length,
    answerWith: (next: typeof answer) => {
      answer = next;
    },
    provide: (triggerKind = automatic, token = createToken().token) =>
      gate(document, position, { triggerKind }, token, (_document, _position, context) => {
        kinds.push(context.triggerKind);
        return answer();
      }),
  };
}

describe("the gate between editor and server", () => {
  it("passes the server's items on", async () => {
    const { provide, shown } = setUp();
    expect(await provide()).toMatchObject([{ insertText: "x" }]);
    expect(shown()).toBe(1);
  });

  it("gives an item without a range the empty one at the cursor, so that accepting by word works", async () => {
    const { provide } = setUp();
    expect(await provide()).toEqual([{ insertText: "x", range: "3:7-3:7" }]);
  });

  it("keeps the range that the server chose", async () => {
    const { provide, answerWith } = setUp();
    answerWith(() => Promise.resolve([{ insertText: "x", range: "3:7-3:9" }]));
    expect(await provide()).toEqual([{ insertText: "x", range: "3:7-3:9" }]);
  });

  it.each([
    { kind: "off", why: "disabled" },
    { kind: "off", why: "language" },
    { kind: "off", why: "snoozed" },
  ] as const)("answers empty without asking the server when $why", async (availability) => {
    const { provide, asked } = setUp({ availability });
    expect(await provide()).toEqual([]);
    expect(asked()).toBe(0);
  });

  it("asks while snoozed when the user triggers it", async () => {
    const { provide } = setUp({ availability: { kind: "off", why: "snoozed" } });
    expect(await provide(invoked)).toHaveLength(1);
  });

  it("stays empty for a language that is off, even when triggered", async () => {
    const { provide } = setUp({ availability: { kind: "off", why: "language" } });
    expect(await provide(invoked)).toEqual([]);
  });

  it("does not ask about documents that are not served", async () => {
    const { provide, asked } = setUp({ served: false });
    expect(await provide(invoked)).toEqual([]);
    expect(asked()).toBe(0);
  });

  it("asks as for a keystroke when the editor asks again for a late suggestion", async () => {
    const { provide, kinds } = setUp({ late: true });
    expect(await provide(invoked)).toHaveLength(1);
    expect(kinds).toEqual([automatic]);
  });

  it("does not ask again for a late suggestion while snoozed", async () => {
    const availability = { kind: "off", why: "snoozed" } as const;
    const { provide, asked } = setUp({ late: true, availability });
    expect(await provide(invoked)).toEqual([]);
    expect(asked()).toBe(0);
  });

  it("passes on that the user asked by hand", async () => {
    const { provide, kinds } = setUp();
    await provide(invoked);
    expect(kinds).toEqual([invoked]);
  });

  it("turns a failure into no suggestion and reports it", async () => {
    const { provide, answerWith, errors } = setUp();
    answerWith(() => Promise.reject(new Error("connection got disposed")));
    expect(await provide()).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  it("reports nothing when a cancelled request fails", async () => {
    const { provide, answerWith, errors } = setUp();
    const { token, cancel } = createToken();
    answerWith(() => {
      cancel();
      return Promise.reject(new Error("Canceled"));
    });
    expect(await provide(automatic, token)).toEqual([]);
    expect(errors).toEqual([]);
  });

  it("takes an absent answer for an empty one", async () => {
    const { provide, answerWith, shown } = setUp();
    answerWith(() => Promise.resolve(null));
    expect(await provide()).toEqual([]);
    expect(shown()).toBe(0);
  });

  it("tells that there is nothing when the user asked by hand, and only then", async () => {
    const { provide, answerWith, nothings } = setUp();
    answerWith(() => Promise.resolve([]));
    await provide(automatic);
    expect(nothings()).toBe(0);
    await provide(invoked);
    expect(nothings()).toBe(1);
  });
});
