import { describe, expect, it } from "vitest";
import {
  findPlace,
  findPlaceByOneSide,
  leastChange,
} from "../../../../extension/generated/findPlace.ts";

describe("the place of a result", () => {
  const place = { text: "old", before: "one\n", after: "\ntwo" };

  it.each([
    ["where it was", "one\nold\ntwo", 4, 4],
    ["where it was, of several", "one\nold\ntwo\none\nold\ntwo", 16, 16],
    ["where it moved to", "new line\none\nold\ntwo", 4, 13],
    ["by its text, where what is around it was edited", "1\nold\n2", 4, 2],
  ])("is found %s", (_, document, offset, expected) => {
    expect(findPlace(document, { ...place, offset })).toBe(expected);
  });

  it.each([
    ["when its text was edited", "one\nOLD\ntwo"],
    ["when it is there twice and neither is where it was", "x\none\nold\ntwo\none\nold\ntwo"],
    ["in an empty document", ""],
  ])("is not found %s", (_, document) => {
    expect(findPlace(document, { ...place, offset: 4 })).toBeUndefined();
  });

  it("is found between its neighbours where nothing stands at it", () => {
    const empty = { ...place, text: "" };
    expect(findPlace("x\none\n\ntwo", { ...empty, offset: 4 })).toBe(6);
    expect(findPlace("one\nchanged", { ...empty, offset: 4 })).toBeUndefined();
    expect(findPlaceByOneSide("one\nchanged", { ...empty, offset: 9 })).toBe(4);
    expect(findPlaceByOneSide("changed\ntwo", { ...empty, offset: 9 })).toBe(7);
    expect(findPlaceByOneSide("changed", { ...empty, offset: 0 })).toBeUndefined();
  });

  it("is the whole of an empty document", () => {
    expect(findPlace("", { text: "", before: "", after: "", offset: 0 })).toBe(0);
  });
});

describe("the least change between two texts", () => {
  it.each([
    ["a\nb\nc\n", "a\nB\nc\n"],
    ["a\nb\n", "a\nb\nc\n"],
    ["a\nb\nb\nc", "a\nb\nc"],
    ["", "all"],
    ["all", ""],
    ["same", "same"],
    ["x\u{1F600}\ny", "x\u{1F601}\ny"],
  ])("leads from %j to %j and is made of whole lines", (from, to) => {
    const { start, end, text } = leastChange(from, to);
    expect(from.slice(0, start) + text + from.slice(end)).toBe(to);
    expect(start === 0 || from[start - 1] === "\n").toBe(true);
  });

  it("leaves equal lines alone", () => {
    expect(leastChange("a\nb\nc\nd", "a\nB\nc\nd")).toEqual({ start: 2, end: 3, text: "B" });
  });
});
