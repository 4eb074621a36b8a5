import { expect, test } from "vitest";
import { noUsage } from "../../../../../server/protocol/host.ts";
import {
  balanceOver,
  gives,
  hangs,
  stallsAfter,
  type FakeAnswer,
  type FakeRemote,
} from "../../../../support/fakeRemotes.ts";

/** As `answer`; cancelled, it tells what it had cost by then. */
function costing(answer: FakeAnswer, generatedTokens: number): FakeAnswer {
  return async (...call) => {
    const outcome = await answer(...call);
    if (outcome.kind !== "cancelled") return outcome;
    const usage = { ...noUsage, evaluatedTokens: 400, reusedTokens: 30, generatedTokens };
    return { kind: "cancelled", usage };
  };
}

/** Two endpoints whose first tokens are known to take some 10 ms, the first of them that of a.ts. */
async function hedging() {
  const balanced = balanceOver(["one", "two"]);
  for (let key = 0; key < 30; key += 1) {
    balanced.ask(`${key}.ts`);
    await balanced.pass(40);
  }
  const [home, rival] = await balanced.homeOf("a.ts");
  if (home === undefined || rival === undefined) throw new Error("not two");
  const counted = new Map(balanced.remotes.map((one) => [one, tokensOf(one)]));
  function tokensOf(remote: FakeRemote) {
    const tokens = balanced.statusOf(remote)?.tokens;
    if (tokens === undefined) throw new Error("no endpoint");
    return tokens;
  }
  /** What an endpoint was made to do from here on. */
  function since(remote: FakeRemote) {
    const now = tokensOf(remote);
    const before = counted.get(remote) ?? now;
    return {
      evaluated: now.evaluated - before.evaluated,
      reused: now.reused - before.reused,
      generated: now.generated - before.generated,
      hedged: now.hedged - before.hedged,
    };
  }
  return { ...balanced, home, rival, since };
}

test("What the loser of two did is told beside the tokens of the text, and counted where it was done", async () => {
  const { ask, pass, home, rival, since } = await hedging();
  home.answer = costing(gives("too late", { firstMs: 3000 }), 0);
  const asked = ask("a.ts");
  await pass(400);
  expect(asked.text).toBe("a b c ");
  expect(asked.outcome).toMatchObject({
    kind: "done",
    value: { usage: { evaluatedTokens: 0, generatedTokens: 3, hedgedTokens: 400 } },
  });
  expect(since(home)).toEqual({ evaluated: 400, reused: 30, generated: 0, hedged: 400 });
  expect(since(rival)).toEqual({ evaluated: 0, reused: 0, generated: 3, hedged: 0 });
});

test("Tokens that the text got of the loser are not in vain", async () => {
  const { ask, pass, home, rival, since } = await hedging();
  home.answer = costing(stallsAfter("let x ="), 5);
  rival.answer = gives("1 ;");
  const asked = ask("a.ts");
  await pass(400);
  expect(asked.text).toBe("let x = 1 ; ");
  expect(asked.outcome).toMatchObject({
    value: { usage: { generatedTokens: 5, hedgedTokens: 402 } },
  });
  expect(since(home)).toMatchObject({ generated: 5, hedged: 402 });
});

test("Cancelled while two are at it, the second's work is in vain", async () => {
  const { ask, pass, home, rival, since } = await hedging();
  home.answer = costing(hangs, 0);
  rival.answer = costing(hangs, 0);
  const asked = ask("a.ts");
  await pass(400);
  asked.cancel();
  await pass(10);
  expect(asked.outcome).toMatchObject({
    kind: "cancelled",
    usage: { evaluatedTokens: 400, hedgedTokens: 400 },
  });
  expect(since(home)).toMatchObject({ evaluated: 400, hedged: 0 });
  expect(since(rival)).toMatchObject({ evaluated: 400, hedged: 400 });
});

test("Nobody was asked twice: nothing is said of it", async () => {
  const { ask, pass } = await hedging();
  const asked = ask("a.ts");
  await pass(100);
  expect(asked.outcome).toHaveProperty("kind", "done");
  expect(asked.outcome).not.toHaveProperty("value.usage.hedgedTokens");
});

test("A connection that does not tell its cost is not waited for", async () => {
  const { ask, pass, home, rival } = await hedging();
  rival.answer = gives("1");
  home.answer = () => new Promise(() => undefined);
  const asked = ask("a.ts");
  for (let ms = 0; ms < 400 && asked.text === ""; ms += 1) await pass(1);
  expect(asked.text).toBe("1 ");
  await pass(15);
  expect(asked.outcome).toHaveProperty("kind", "done");
});
