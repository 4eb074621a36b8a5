import { expect, test } from "vitest";
import { createBreaker } from "../../../../../server/engine/remote/balance/breaker.ts";
import { CodedError } from "../../../../../server/protocol/errors.ts";
import { createManualClock } from "../../../../support/manualClock.ts";

const failure = new CodedError("ENDPOINT_FAILED");
const gone = new CodedError("ENDPOINT_UNREACHABLE");

function breakerOn(random = 0.5) {
  const clock = createManualClock();
  return { clock, breaker: createBreaker({ clock, random: () => random }) };
}

test("Two failures in a row leave it closed, the third opens it", () => {
  const { breaker } = breakerOn();
  breaker.failed("failure", failure);
  breaker.failed("failure", failure);
  breaker.succeeded();
  breaker.failed("failure", failure);
  breaker.failed("failure", failure);
  expect(breaker.state).toBe("closed");
  breaker.failed("failure", failure);
  expect(breaker.state).toBe("open");
  expect(breaker.error).toBe(failure);
});

test("One that cannot be reached opens it at once", () => {
  const { breaker } = breakerOn();
  breaker.failed("gone", gone);
  expect(breaker.state).toBe("open");
});

test("Half open, one failure opens it again, for twice as long, and no longer than half a minute", () => {
  const { breaker, clock } = breakerOn();
  const pauses: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    breaker.failed("gone", gone);
    pauses.push(breaker.retryInMs);
    clock.advance(breaker.retryInMs);
    expect(breaker.state).toBe("halfOpen");
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  breaker.succeeded();
  expect(breaker.state).toBe("closed");
  breaker.failed("gone", gone);
  expect(breaker.retryInMs).toBe(1000);
});

test("What was under way when it opened neither closes it nor makes the pause longer", () => {
  const { breaker, clock } = breakerOn();
  breaker.failed("gone", gone);
  clock.advance(400);
  breaker.failed("gone", gone);
  breaker.succeeded();
  expect(breaker.state).toBe("open");
  expect(breaker.retryInMs).toBe(600);
});

test("A busy server is left alone for as long as it asks for", () => {
  const { breaker, clock } = breakerOn();
  const busy = new CodedError("ENDPOINT_BUSY");
  busy.retryAfterMs = 7000;
  breaker.failed("busy", busy);
  expect(breaker.retryInMs).toBe(7000);
  clock.advance(7000);
  expect(breaker.state).toBe("halfOpen");
});

test("Many windows come back at different moments", () => {
  const early = breakerOn(0).breaker;
  const late = breakerOn(0.999).breaker;
  early.failed("gone", gone);
  late.failed("gone", gone);
  expect(early.retryInMs).toBe(750);
  expect(late.retryInMs).toBeGreaterThan(1249);
});
