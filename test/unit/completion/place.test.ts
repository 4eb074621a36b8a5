import { expect, it } from "vitest";
import {
  advance,
  farthestAfter,
  farthestBefore,
  placeOf,
} from "../../../server/completion/place.ts";
import { documentOf } from "./support/createFixture.ts";

function placeIn(text: string, offset: number) {
  return placeOf(documentOf(text), offset);
}

it("is the text before and after the cursor, closing characters apart", () => {
  const place = placeIn("call();\nnext", 5);
  expect([place.before, place.closing, place.after]).toEqual(["call(", ");", "\nnext"]);
  expect([place.fromStart, place.toEnd]).toEqual([true, true]);
});

it("looks no farther than its bounds in a text of megabytes", () => {
  const place = placeIn("x".repeat(3_000_000), 1_500_000);
  expect([place.before.length, place.after.length]).toEqual([farthestBefore, farthestAfter]);
  expect([place.fromStart, place.toEnd]).toEqual([false, false]);
});

it("moves a cursor that would part a character before it", () => {
  expect(placeIn("a🙂b", 2).before).toBe("a");
  expect(placeIn("e\u0301", 1).before).toBe("");
  expect(placeIn("a\r\nb", 2).before).toBe("a");
});

it("bears a cursor outside of the text", () => {
  expect(placeIn("abc", 99).before).toBe("abc");
  expect(placeIn("abc", -1).after).toBe("abc");
});

it("moves on by what is inserted", () => {
  const place = advance(placeIn("call(\nnext", 5), "one");
  expect([place.before, place.after]).toEqual(["call(one", "\nnext"]);
});
