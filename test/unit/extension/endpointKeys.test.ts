import { expect, test } from "vitest";
import { createEndpointKeys, keyProblem } from "../../../extension/endpointKeys.ts";

function secretsWith(kept?: string) {
  const listeners = new Set<(event: { key: string }) => void>();
  let value = kept;
  const change = (next: string | undefined) => {
    value = next;
    for (const listener of listeners) listener({ key: "starcoder.endpointKeys" });
    return Promise.resolve();
  };
  const sent: object[] = [];
  const keys = createEndpointKeys({
    secrets: {
      get: () => Promise.resolve(value),
      store: (_, next) => change(next),
      delete: () => change(undefined),
      onDidChange(listener) {
        listeners.add(listener);
        return { dispose: () => listeners.delete(listener) };
      },
    },
    send: (_, params) => sent.push(params),
    onError: (error) => {
      throw error;
    },
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { keys, sent, change, settled, kept: () => value };
}

test("A server that comes is told the keys there are, and nothing where there are none", async () => {
  const filled = secretsWith('{"https://a":"secret"}');
  filled.keys.tell();
  const empty = secretsWith();
  empty.keys.tell();
  await filled.settled();
  expect(filled.sent).toEqual([{ keys: { "https://a": "secret" } }]);
  expect(empty.sent).toEqual([]);
});

test("A key that is kept, changed elsewhere or forgotten is told once", async () => {
  const { keys, sent, change, settled, kept } = secretsWith();
  await keys.write("https://a", " secret ");
  await settled();
  expect(await keys.has("https://a")).toBe(true);
  await change('{"https://a":"other"}');
  await settled();
  await keys.write("https://a", "");
  await settled();
  expect(sent).toEqual([
    { keys: { "https://a": "secret" } },
    { keys: { "https://a": "other" } },
    { keys: {} },
  ]);
  expect(kept()).toBeUndefined();
});

test("What is kept there and is no record of keys holds none", async () => {
  const { keys } = secretsWith("[1, 2");
  expect(await keys.has("https://a")).toBe(false);
});

test("A key with spaces was pasted by mistake", () => {
  expect(keyProblem("sk-123")).toBeUndefined();
  expect(keyProblem("two words")).toBe("A key has no spaces and no special characters.");
});
