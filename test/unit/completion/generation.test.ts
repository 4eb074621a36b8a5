import { describe, expect, it } from "vitest";
import type { Generation } from "../../../server/completion/types.ts";
import { createFixture, type Fixture } from "./support/createFixture.ts";

function listening(): { fixture: Fixture; generations: Generation[] } {
  const fixture = createFixture();
  fixture.engine.script = () => "alpha beta\n";
  const generations: Generation[] = [];
  fixture.completer.onGenerated((generation) => generations.push(generation));
  return { fixture, generations };
}

describe("the cost of a generation", () => {
  it("is told once, under the key that began it, though another key joins it", async () => {
    const { fixture, generations } = listening();
    const abort = new AbortController();
    const first = fixture.ask("x = |", { requestId: "key-1" }, abort.signal);
    await fixture.clock.advance(15);
    abort.abort();
    expect(await first).toMatchObject({ kind: "none", reason: "cancelled" });
    const [call] = fixture.engine.calls;
    const second = fixture.ask("x = alp|", { requestId: "key-2" });
    await fixture.clock.advance(2000);
    await second;
    expect(fixture.engine.calls.filter(({ kind }) => kind === "generate")).toHaveLength(1);
    expect(generations).toMatchObject([
      {
        requestId: "key-1",
        priority: "typing",
        usage: { evaluatedTokens: call?.usage.evaluatedTokens },
      },
    ]);
    expect(generations[0]?.usage.generatedTokens).toBeGreaterThan(0);
  });

  it("is told of a generation that nobody wanted to the end", async () => {
    const { fixture, generations } = listening();
    const abort = new AbortController();
    const asked = fixture.ask("x = |", { requestId: "key-1" }, abort.signal);
    await fixture.clock.advance(1);
    abort.abort();
    await asked;
    await fixture.clock.advance(2000);
    expect(generations).toMatchObject([{ requestId: "key-1" }]);
  });

  it("is not told of what is only explained", async () => {
    const { fixture, generations } = listening();
    const asked = fixture.ask("x = |", { explained: true });
    await fixture.clock.advance(2000);
    await asked;
    expect(generations).toEqual([]);
  });
});
