import { describe, expect, it } from "vitest";
import { createLogReader, type ReaderProcess } from "../../../extension/views/logReader.ts";
import type { ViewEvent, ViewRequest } from "../../../server/protocol/webview.ts";
import { createFakeClock } from "./fakeClock.ts";

interface FakeProcess extends ReaderProcess {
  readonly sent: ViewRequest[];
  readonly killed: boolean;
  say(message: unknown): void;
  end(reason: string): void;
}

function createFakeProcess(): FakeProcess {
  const sent: ViewRequest[] = [];
  let killed = false;
  let hear: (message: unknown) => void = () => undefined;
  let ended: (reason: string) => void = () => undefined;
  return {
    sent,
    get killed() {
      return killed;
    },
    send: (message) => void sent.push(message),
    onMessage: (listener) => void (hear = listener),
    onEnd: (listener) => void (ended = listener),
    kill: () => void (killed = true),
    say: (message) => hear(message),
    end: (reason) => ended(reason),
  };
}

function start() {
  const clock = createFakeClock();
  const processes: FakeProcess[] = [];
  const events: ViewEvent[] = [];
  const ends: string[] = [];
  const reader = createLogReader({
    clock,
    start() {
      const started = createFakeProcess();
      processes.push(started);
      return started;
    },
    onEvent: (event) => void events.push(event),
    onEnd: (state, reason) => void ends.push(`${state}: ${reason}`),
  });
  const process = (index: number): FakeProcess => {
    const found = processes[index];
    if (found === undefined) throw new Error(`there is no process ${index}`);
    return found;
  };
  return { clock, reader, processes, process, events, ends };
}

describe("the log reader's process", () => {
  it("is started by the first request, and its answers go to those who asked", async () => {
    const { reader, processes, process } = start();
    expect(processes).toHaveLength(0);
    const first = reader.request("query", { a: 1 });
    const second = reader.request("page", {});
    expect(processes).toHaveLength(1);
    expect(process(0).sent).toEqual([
      { kind: "request", id: 1, method: "query", params: { a: 1 } },
      { kind: "request", id: 2, method: "page", params: {} },
    ]);
    process(0).say({ kind: "response", id: 2, result: "second" });
    process(0).say({ kind: "response", id: 1, result: "first" });
    expect(await Promise.all([first, second])).toEqual(["first", "second"]);
  });

  it("passes on events, and nothing that is no message", () => {
    const { reader, process, events } = start();
    void reader.request("query", {});
    const event = { kind: "event", name: "rows", data: { query: 1 } };
    process(0).say(event);
    process(0).say({ kind: "event" });
    process(0).say("noise");
    process(0).say({ kind: "response", id: 99, result: 1 });
    expect(events).toEqual([event]);
  });

  it("keeps the code of a failure, and gives one to a failure without", async () => {
    const { reader, process } = start();
    const coded = reader.request("query", {});
    const strange = reader.request("query", {});
    const message = "A log file cannot be read. /logs";
    process(0).say({
      kind: "response",
      id: 1,
      error: { code: "LOG_UNREADABLE", message, remedy: "Open another." },
    });
    process(0).say({
      kind: "response",
      id: 2,
      error: { code: "OF_THE_FUTURE", message: "new", remedy: "" },
    });
    await expect(coded).rejects.toMatchObject({ code: "LOG_UNREADABLE", message });
    await expect(strange).rejects.toMatchObject({ code: "INTERNAL_ERROR" });
  });

  it("settles what was asked when it dies, and is started once more by itself", async () => {
    const { reader, processes, process, ends } = start();
    const asked = reader.request("query", {});
    process(0).end("It ended.");
    await expect(asked).rejects.toMatchObject({ code: "INTERNAL_ERROR" });
    expect(processes).toHaveLength(2);
    expect(ends).toEqual(["restarted: It ended."]);
    const again = reader.request("query", {});
    process(1).say({ kind: "response", id: 2, result: "again" });
    expect(await again).toBe("again");
  });

  it("stays down when it dies again at once, until it is told to start", async () => {
    const { reader, processes, process, ends } = start();
    void reader.request("query", {}).catch(() => undefined);
    process(0).end("one");
    process(1).end("two");
    expect(ends).toEqual(["restarted: one", "stopped: two"]);
    expect(processes).toHaveLength(2);
    await expect(reader.request("query", {})).rejects.toThrow("two");
    reader.restart();
    expect(processes).toHaveLength(3);
    const asked = reader.request("query", {});
    process(2).say({ kind: "response", id: 2, result: "up" });
    expect(await asked).toBe("up");
  });

  it("is started by itself again when it has worked for long in between", () => {
    const { clock, reader, process, ends } = start();
    void reader.request("query", {}).catch(() => undefined);
    process(0).end("one");
    clock.advance(61_000);
    process(1).end("two");
    expect(ends).toEqual(["restarted: one", "restarted: two"]);
  });

  it("is ended when it is silent while an answer is awaited and gives no sign of life", async () => {
    const { clock, reader, process, ends } = start();
    const asked = reader.request("analyse", {});
    const rejected = expect(asked).rejects.toMatchObject({ code: "INTERNAL_ERROR" });
    clock.advance(15_000);
    expect(process(0).sent.at(-1)).toMatchObject({ id: 0, method: "files" });
    clock.advance(15_000);
    await rejected;
    expect(process(0).killed).toBe(true);
    expect(ends).toEqual(["restarted: The log reader does not answer."]);
  });

  it("may take its time as long as it gives signs of life", async () => {
    const { clock, reader, process, ends } = start();
    const asked = reader.request("analyse", {});
    for (let times = 0; times < 20; times += 1) {
      clock.advance(15_000);
      if (process(0).sent.at(-1)?.id === 0) {
        process(0).say({ kind: "response", id: 0, result: {} });
      }
    }
    process(0).say({ kind: "response", id: 1, result: "done" });
    expect(await asked).toBe("done");
    expect(ends).toEqual([]);
  });

  it("ends with the view, settles what was asked and is not started again", async () => {
    const { reader, processes, process, ends } = start();
    const asked = reader.request("query", {});
    reader.dispose();
    await expect(asked).rejects.toThrow("closed");
    expect(process(0).killed).toBe(true);
    process(0).end("killed");
    await expect(reader.request("query", {})).rejects.toThrow("closed");
    expect(processes).toHaveLength(1);
    expect(ends).toEqual([]);
  });
});
