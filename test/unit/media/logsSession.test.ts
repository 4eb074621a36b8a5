import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createLogSession } from "../../../media/logs/logSession.ts";
import { createFakeLogReader, type FakeLogReaderOptions } from "../../support/fakeLogReader.ts";

async function open(options: FakeLogReaderOptions) {
  const reader = createFakeLogReader(options);
  const session = createLogSession(reader);
  await session.query({});
  const pages = (): unknown[] =>
    reader.asked.filter(({ method }) => method === "page").map(({ params }) => params);
  return { reader, session, pages };
}

const messageAt = (session: ReturnType<typeof createLogSession>, index: number) =>
  session.row(index)?.record.message;

describe("the rows of a query", () => {
  it("begin with the newest, numbered as they stand among all", async () => {
    const { session } = await open({ total: 1000 });
    expect(session.state).toMatchObject({ total: 1000, counted: true, asking: false });
    expect(messageAt(session, 999)).toBe("record 999");
    expect(messageAt(session, 0)).toBeUndefined();
  });

  it("are fetched in pages when they come into view, each page once", async () => {
    const { session, pages } = await open({ total: 10_000_000 });
    session.show(5_000_150, 5_000_210);
    session.show(5_000_151, 5_000_211);
    await setImmediate();
    expect(pages()).toEqual([
      { query: 1, from: 5_000_000, count: 200 },
      { query: 1, from: 5_000_200, count: 200 },
    ]);
    expect(messageAt(session, 5_000_150)).toBe("record 5000150");
  });

  it("are forgotten far from the view, so that a long walk takes no more memory", async () => {
    const { session } = await open({ total: 1_000_000 });
    for (let from = 0; from < 60_000; from += 200) {
      session.show(from, from + 50);
      await setImmediate();
    }
    expect(messageAt(session, 59_800)).toBe("record 59800");
    expect(messageAt(session, 0)).toBeUndefined();
  });

  it("of a large log are shown before they are counted, and keep their place at the end", async () => {
    const { reader, session } = await open({ total: 50_000, large: true });
    expect(session.state).toMatchObject({ total: 300, counted: false });
    expect(messageAt(session, 299)).toBe("record 49999");
    reader.count();
    expect(session.state).toMatchObject({ total: 50_000, counted: true, prepended: 49_700 });
    expect(messageAt(session, 49_999)).toBe("record 49999");
    expect(messageAt(session, 299)).toBeUndefined();
  });

  it("are followed from the start, and wait while paused", async () => {
    const { reader, session } = await open({ total: 10 });
    reader.write(2);
    expect(session.state.total).toBe(12);
    expect(messageAt(session, 11)).toBe("record 11");
    session.setLive(false);
    reader.write(3);
    expect(session.state.total).toBe(12);
    expect(reader.asked.at(-1)).toMatchObject({
      method: "follow",
      params: { query: 1, on: false },
    });
  });

  it("of an earlier query are not mixed into the next", async () => {
    const reader = createFakeLogReader({ total: 0, hold: true });
    const session = createLogSession(reader);
    const first = session.query({ text: "a" });
    const second = session.query({ text: "ab" });
    const progress = (query: number, matches: number) => ({
      query,
      matches,
      scannedBytes: 0,
      totalBytes: 0,
      done: true,
      files: [],
    });
    reader.asked[1]?.answer({ query: 2, page: { from: 0, rows: [] }, progress: progress(2, 7) });
    await second;
    reader.asked[0]?.answer({ query: 1, page: { from: 0, rows: [] }, progress: progress(1, 99) });
    await first;
    expect(session.state.total).toBe(7);
    reader.tell("progress", progress(1, 99));
    expect(session.state.progress?.matches).toBe(7);
  });

  it("say why they cannot be read, and are asked for again by the next query", async () => {
    const reader = createFakeLogReader({ total: 5, hold: true });
    const session = createLogSession(reader);
    const failed = session.query({});
    const problem = new Error("the folder is gone");
    reader.asked[0]?.fail(problem);
    await failed;
    expect(session.state).toMatchObject({ failure: problem, asking: false });
    session.show(0, 5);
    expect(reader.asked).toHaveLength(1);
    void session.query({});
    expect(session.state).toMatchObject({ failure: undefined, asking: true });
  });

  it("ignore messages of another form", async () => {
    const { reader, session } = await open({ total: 3 });
    reader.tell("progress", { query: "1" });
    reader.tell("rows", { query: 1, rows: [{}] });
    reader.tell("surprise", undefined);
    expect(session.state.total).toBe(3);
  });

  it("are copied from the newest back, as many as were asked for", async () => {
    const { session } = await open({ total: 5000 });
    const rows = await session.newest(2500);
    expect(rows).toHaveLength(2500);
    expect(rows[0]?.record.message).toBe("record 2500");
    expect(rows.at(-1)?.record.message).toBe("record 4999");
  });
});
