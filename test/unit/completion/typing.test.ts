import { describe, expect, it } from "vitest";
import { createFixture, documentOf, type Fixture } from "./support/createFixture.ts";
import { qwenCoder, starCoder2 } from "./support/fakeEngine.ts";

const above = Array.from({ length: 90 }, (_, line) => `const above${line} = ${line};\n`).join("");
const below = Array.from({ length: 60 }, (_, line) => `const below${line} = ${line};\n`).join("");
const typed = `function sum(values: number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
`.repeat(3);

/** Prompt tokens (here: characters) evaluated for a request at the end of `before`. */
async function evaluated(fixture: Fixture, before: string, after: string): Promise<number> {
  const { calls } = fixture.engine;
  const known = calls.length;
  const result = fixture.ask(`${before}|${after}`);
  await fixture.clock.advance(1000);
  await result;
  return calls.slice(known).reduce((sum, call) => sum + call.usage.evaluatedTokens, 0);
}

async function type(fixture: Fixture, before: string, text: string, after: string) {
  const costs: number[] = [];
  for (let at = 1; at <= text.length; at++) {
    costs.push(await evaluated(fixture, before + text.slice(0, at), after));
  }
  return costs;
}

function sumOf(costs: readonly number[]): number {
  return costs.reduce((sum, cost) => sum + cost, 0);
}

describe.each([
  ["StarCoder2", starCoder2],
  ["Qwen2.5-Coder", qwenCoder],
])("the cache of %s while typing", (_, model) => {
  const open = (): Fixture =>
    createFixture({ model, settings: { cache: false, contextTokens: 4000 } });

  it("is only appended to, each character evaluated once", async () => {
    const fixture = open();
    expect(await evaluated(fixture, above, below)).toBeGreaterThan(2000);
    const costs = await type(fixture, above, typed, below);
    expect(sumOf(costs)).toBeLessThanOrEqual(typed.length);
    expect(Math.max(...costs)).toBeLessThan(12);
  });

  it("holds an accepted suggestion at the cost of its characters", async () => {
    const fixture = open();
    await evaluated(fixture, above, below);
    expect(await evaluated(fixture, `${above}const accepted = call(1, 2);`, below)).toBeLessThan(
      30,
    );
  });

  it("is found again after a jump elsewhere and back", async () => {
    const fixture = open();
    const far = "// far away\n".repeat(600);
    await evaluated(fixture, above, below + far);
    const elsewhere = above + below + far.slice(0, 6000);
    expect(await evaluated(fixture, elsewhere, far.slice(6000))).toBeGreaterThan(1000);
    await type(fixture, elsewhere, "new = 1;", far.slice(6000));
    const changed = `${below}${far.slice(0, 6000)}new = 1;${far.slice(6000)}`;
    expect(await evaluated(fixture, `${above}c`, changed)).toBeLessThan(5);
  });

  it("survives backspaces", async () => {
    const fixture = open();
    await evaluated(fixture, `${above}const value = other`, below);
    let cost = 0;
    for (const text of ["const value = othe", "const value =", "const val", "const", "const v"]) {
      cost += await evaluated(fixture, above + text, below);
    }
    expect(cost).toBeLessThan(40);
  });
});

it("evaluates only what is new after an edit below, where the anchor is some lines up", async () => {
  const fixture = createFixture({
    model: qwenCoder,
    settings: { cache: false, contextTokens: 4000 },
  });
  const whole = await evaluated(fixture, above, below);
  const after = await evaluated(fixture, above, `// edited\n${below}`);
  expect(after).toBeLessThan(whole * 0.6);
});

it("warms a resting cursor's prompt, so that the next key evaluates almost nothing", async () => {
  const fixture = createFixture({ settings: { cache: false, contextTokens: 4000 } });
  const { completer, clock, engine } = fixture;
  for (let step = 1; step <= 5; step++) {
    completer.rest(documentOf(above + below), above.length - step);
    await clock.advance(50);
  }
  completer.rest(documentOf(above + below), above.length);
  await clock.advance(1000);
  expect(engine.calls.map(({ kind, request }) => `${kind} ${request.priority}`)).toEqual([
    "warm speculation",
  ]);
  expect(await evaluated(fixture, `${above}c`, below)).toBeLessThan(5);
});
