import { describe, expect, it } from "vitest";
import { createCalmStatus } from "../../../extension/calmStatus.ts";
import { createFakeClock } from "./fakeClock.ts";
import { status } from "./samples.ts";

function setUp() {
  const clock = createFakeClock();
  const calm = createCalmStatus(clock, 400);
  const seen: (string | undefined)[] = [];
  calm.onChange((shown) => seen.push(shown?.state));
  return { clock, calm, seen };
}

describe("the calm status", () => {
  it("does not show a short busy spell", () => {
    const { clock, calm, seen } = setUp();
    calm.set(status("ok"));
    calm.set(status("busy"));
    clock.advance(399);
    calm.set(status("ok"));
    clock.advance(1_000);
    expect(seen).toEqual(["ok", "ok"]);
  });

  it("shows a long one, counted from its beginning", () => {
    const { clock, calm, seen } = setUp();
    calm.set(status("ok"));
    calm.set(status("busy"));
    clock.advance(300);
    calm.set(status("busy", { message: "still" }));
    clock.advance(100);
    expect(seen).toEqual(["ok", "busy"]);
    expect(calm.current?.message).toBe("still");
  });

  it("shows an error at once, in the middle of a busy spell too", () => {
    const { clock, calm, seen } = setUp();
    calm.set(status("busy"));
    calm.set(status("error"));
    clock.advance(1_000);
    expect(seen).toEqual(["error"]);
  });

  it("forgets everything when the server is gone", () => {
    const { clock, calm } = setUp();
    calm.set(status("busy"));
    calm.set(undefined);
    clock.advance(1_000);
    expect(calm.current).toBeUndefined();
  });
});
