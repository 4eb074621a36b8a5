import { describe, expect, it } from "vitest";
import { createSlots } from "../../../server/host/slots.ts";
import type { Priority } from "../../../server/protocol/host.ts";
import { fakeModel } from "./fakeModel.ts";

const letters = "abcdefghijklmnopqrstuvwxyz".split("");

function setUp() {
  const model = fakeModel({ vocabulary: letters, sequences: 4 });
  const slots = createSlots(model.sequences);
  /** Evaluates a prompt where the slots send it; the index of the sequence. */
  async function use(text: string, priority: Priority = "typing"): Promise<number> {
    const prompt = model.tokenize(text);
    const slot = slots.acquire(prompt, priority);
    if (slot === undefined) return -1;
    await slot.sequence.keepPrefix(prompt);
    await slot.sequence.append(prompt.slice(slot.sequence.length));
    slots.release(slot);
    return model.sequences.indexOf(slot.sequence);
  }
  return { model, slots, use };
}

describe("slots", () => {
  it("send a prompt to the sequence that shares the longest prefix", async () => {
    const { use } = setUp();
    const first = await use("abcdef");
    const second = await use("mnopqr");
    expect(second).not.toBe(first);
    expect(await use("abcdefg")).toBe(first);
    expect(await use("mnopqrs")).toBe(second);
  });

  it("do not give up a document for another that shares little with it while one is spare", async () => {
    const { use } = setUp();
    const first = await use("abcdefghij");
    expect(await use("abxyzxyzxyz")).not.toBe(first);
    expect(await use("abcdefghijk")).toBe(first);
  });

  it("give up what speculation left before a document that is typed in", async () => {
    const { use } = setUp();
    const [first, second] = [await use("aaaa"), await use("bbbb")];
    const speculated = await use("cccc", "speculation");
    expect(new Set([first, second, speculated]).size).toBe(3);
    expect(await use("dddd")).toBe(speculated);
  });

  it("give up the least recently used document when there is nothing else", async () => {
    const { use } = setUp();
    const first = await use("aaaa");
    await use("bbbb");
    await use("cccc");
    await use("bbbbb");
    expect(await use("dddd")).toBe(first);
  });

  it("keep background work in a sequence of its own", async () => {
    const { use } = setUp();
    const background = await use("abcd", "background");
    for (const text of ["aaaa", "bbbb", "cccc", "dddd", "abcd"]) {
      expect(await use(text)).not.toBe(background);
    }
    expect(await use("zzzz", "background")).toBe(background);
  });

  it("let speculation go on after a suggestion in the slot that was typed in", async () => {
    const { use } = setUp();
    const typed = await use("abcdef");
    expect(await use("abcdefgh", "speculation")).toBe(typed);
  });

  it("let speculation never erase what was typed last", async () => {
    const { use } = setUp();
    const older = await use("m".repeat(100));
    const newest = await use("a".repeat(100));
    const elsewhere = await use(`${"a".repeat(50)}z`, "speculation");
    expect([older, newest]).not.toContain(elsewhere);
  });

  it("are lent to one job at a time", () => {
    const { model, slots } = setUp();
    const prompt = model.tokenize("abc");
    const lent = [1, 2, 3].map(() => slots.acquire(prompt, "typing"));
    expect(new Set(lent).size).toBe(3);
    expect(slots.acquire(prompt, "typing")).toBeUndefined();
    const [first] = lent;
    if (first !== undefined) slots.release(first);
    expect(slots.acquire(prompt, "typing")).toBe(first);
  });
});
