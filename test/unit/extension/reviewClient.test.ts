import { describe, expect, it } from "vitest";
import { createReviewClient } from "../../../extension/findings/reviewClient.ts";
import type { ReviewResult } from "../../../server/protocol/review.ts";
import { finding, result, state } from "./reviewSamples.ts";

const uri = "file:///a.ts";

function setUp(options: { running?: boolean } = {}) {
  const asked: string[] = [];
  const errors: string[] = [];
  const changed: string[] = [];
  const answers: ((answer: unknown) => void)[] = [];
  const client = createReviewClient({
    connection: () =>
      options.running === false
        ? undefined
        : {
            request(method) {
              asked.push(method);
              return new Promise((resolve) => answers.push(resolve));
            },
          },
    log: { error: (message) => errors.push(message) },
  });
  client.onChange((at) => changed.push(at));
  const answer = async (value: ReviewResult | null | { wrong: true }): Promise<void> => {
    answers.shift()?.(value);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { client, asked, errors, changed, answer };
}

describe("what is known of reviews", () => {
  it("reads the findings when the server says that a review is done", async () => {
    const { client, asked, answer, changed } = setUp();
    client.receive(state("done", { shown: 1 }));
    expect(client.stateOf(uri)?.shown).toBe(1);
    await answer(result({ findings: [finding()] }));
    expect(asked).toEqual(["starcoder/findings"]);
    expect(client.resultOf(uri)?.findings).toHaveLength(1);
    expect(changed).toEqual([uri, uri]);
  });

  it("makes one more read of all that come while one is under way", async () => {
    const { client, asked, answer } = setUp();
    client.receive(state("reviewing"));
    client.receive(state("reviewing"));
    client.receive(state("done"));
    await answer(null);
    await answer(result());
    expect(asked).toHaveLength(2);
    expect(client.resultOf(uri)).toBeDefined();
  });

  it("keeps what it has when the answer is not as agreed, and logs that", async () => {
    const { client, errors, answer } = setUp();
    client.receive(state("done"));
    await answer(result());
    client.receive(state("done"));
    await answer({ wrong: true });
    expect(client.resultOf(uri)).toBeDefined();
    expect(errors).toHaveLength(1);
  });

  it("forgets a document whose findings are cleared, and all when the server is gone", async () => {
    const { client, answer } = setUp();
    client.receive(state("done"));
    await answer(result());
    client.receive(state("cleared"));
    expect([client.stateOf(uri), client.resultOf(uri)]).toEqual([undefined, undefined]);
    client.receive(state("done"));
    client.reset();
    expect(client.stateOf(uri)).toBeUndefined();
  });

  it("says that there is no server rather than waiting for one", async () => {
    const { client } = setUp({ running: false });
    await expect(client.dismiss({ restore: "all" })).rejects.toThrow("not running");
  });
});
