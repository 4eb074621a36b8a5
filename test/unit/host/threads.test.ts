import { describe, expect, it } from "vitest";
import { affordableThreads, chooseThreads } from "../../../server/host/threads.ts";

describe("thread counts", () => {
  it("leave a core free while decoding", () => {
    const automatic = { threads: 0, prefillThreads: 0 };
    expect(chooseThreads(automatic, 2, 2)).toEqual({ decode: 1, prefill: 2 });
    expect(chooseThreads(automatic, 8, 16)).toEqual({ decode: 8, prefill: 8 });
    expect(chooseThreads(automatic, 1, 1)).toEqual({ decode: 1, prefill: 1 });
  });

  it("follow the settings", () => {
    expect(chooseThreads({ threads: 3, prefillThreads: 5 }, 8, 16)).toEqual({
      decode: 3,
      prefill: 5,
    });
  });

  it("shrink by the cores that other processes use, not by this one's own", () => {
    const before = { busyMs: 0, ownMs: 0, atMs: 0 };
    const after = (busyMs: number, ownMs: number) => ({ busyMs, ownMs, atMs: 1000 });
    expect(affordableThreads(4, 4, before, after(4000, 4000))).toBe(4);
    expect(affordableThreads(4, 4, before, after(200, 0))).toBe(4);
    expect(affordableThreads(4, 4, before, after(1000, 0))).toBe(3);
    expect(affordableThreads(4, 4, before, after(4000, 500))).toBe(1);
  });
});
