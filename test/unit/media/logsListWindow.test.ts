import { describe, expect, it } from "vitest";
import { keyMove } from "../../../media/logs/listKeys.ts";
import {
  endOf,
  mostScrollHeight,
  offsetOf,
  offsetToShow,
  rowHeight,
  rowsInView,
  scrollHeightOf,
  scrollTopOf,
} from "../../../media/logs/listWindow.ts";

const millions = { total: 10_000_000, viewHeight: 660 };
const few = { total: 1000, viewHeight: 660 };

describe("the window of a list", () => {
  it("draws rows in view and some around them, and none beyond the ends", () => {
    expect(rowsInView(220, few, 5)).toEqual({ from: 5, to: 45 });
    expect(rowsInView(0, few, 5)).toEqual({ from: 0, to: 35 });
    expect(rowsInView(endOf(few), few, 5)).toEqual({ from: 965, to: 1000 });
    expect(rowsInView(0, { total: 3, viewHeight: 660 }, 5)).toEqual({ from: 0, to: 3 });
  });

  it("scrolls by pixels while the rows fit into what a browser can draw", () => {
    expect(scrollHeightOf(few)).toBe(1000 * rowHeight);
    expect(offsetOf(500, few)).toBe(500);
    expect(scrollTopOf(500, few)).toBe(500);
  });

  it("reaches the first and the last of ten million rows", () => {
    expect(scrollHeightOf(millions)).toBe(mostScrollHeight);
    expect(offsetOf(0, millions)).toBe(0);
    const bottom = mostScrollHeight - millions.viewHeight;
    expect(offsetOf(bottom, millions)).toBeCloseTo(endOf(millions), 3);
    expect(rowsInView(offsetOf(bottom, millions), millions, 0).to).toBe(10_000_000);
  });

  it.each([0, 1234, 5_000_000 * rowHeight, endOf(millions)])(
    "finds the place %d again from what it is scrolled to",
    (offset) => {
      expect(offsetOf(scrollTopOf(offset, millions), millions)).toBeCloseTo(offset, 3);
    },
  );

  it("moves no further than needed to show a row whole", () => {
    expect(offsetToShow(0, 500, few)).toBe(0);
    expect(offsetToShow(30, 500, few)).toBe(500);
    expect(offsetToShow(100, 500, few)).toBe(101 * rowHeight - 660);
    expect(offsetToShow(999, 0, few)).toBe(endOf(few));
  });
});

describe("keys of the list", () => {
  it.each([
    ["ArrowDown", 5, 6],
    ["ArrowUp", 5, 4],
    ["ArrowUp", 0, 0],
    ["ArrowDown", 99, 99],
    ["PageDown", 5, 25],
    ["PageUp", 5, 0],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["ArrowUp", undefined, 99],
    ["x", 5, undefined],
  ])("%s from row %s goes to row %s", (key, from, to) => {
    expect(keyMove(key, from, 100, 20)).toBe(to);
  });

  it("go nowhere in an empty list", () => {
    expect(keyMove("End", undefined, 0, 20)).toBeUndefined();
  });
});
