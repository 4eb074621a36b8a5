import { expect, onTestFinished, test } from "vitest";
import { composeEngine } from "../../../server/compose/composeEngine.ts";
import type { RemoteMembersOptions } from "../../../server/compose/remoteMembers.ts";
import type { RemoteEndpoint } from "../../../server/engine/remote/types.ts";
import { defaultSettings, type Settings } from "../../../server/protocol/settings.ts";
import { createFakeRemote, type FakeRemote } from "../../support/fakeRemotes.ts";
import { fakeEngine, smallRequest } from "../../support/localEngine.ts";

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

function composed(first: Partial<Settings>) {
  let settings: Settings = { ...defaultSettings, ...first };
  const { engine: local, clock, fakes } = fakeEngine();
  const made: { readonly endpoint: RemoteEndpoint; readonly remote: FakeRemote }[] = [];
  let networks: RemoteMembersOptions["network"] = () => undefined;
  const product = composeEngine({
    createLocal: () => local,
    settings: () => settings,
    clock,
    logger: { for: () => quiet as never },
    env: { TEAM_KEY: "from the environment" },
    loadMembers: ({ network }) => {
      networks = network;
      return Promise.resolve({
        create(endpoint) {
          const remote = createFakeRemote(endpoint.name, clock);
          made.push({ endpoint, remote });
          return remote;
        },
        dispose: () => undefined,
      });
    },
  });
  onTestFinished(() => product.dispose());
  const apply = (next: Partial<Settings>) => {
    settings = { ...defaultSettings, ...next };
    product.refresh();
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { product, made, apply, settled, fakes, local, networks: () => networks() };
}

const one = { url: "http://one:1", keyVariable: "TEAM_KEY" };
const two = { url: "http://two:2", name: "second", model: "coder" };

test("With remote engines no local host is started", async () => {
  const { product, settled, fakes } = composed({ "remote.endpoints": [one, two] });
  product.engine.start("background");
  await settled();
  expect(product.engine.state).toMatchObject({ kind: "ready", backend: { used: "remote" } });
  expect(product.endpoints().map(({ name }) => name)).toEqual(["one:1", "second"]);
  expect(fakes.launches).toBe(0);
});

test("Keys come from the environment, and those that the editor keeps go before", async () => {
  const { product, made, settled } = composed({ "remote.endpoints": [one, two] });
  await settled();
  expect(made.map(({ endpoint }) => endpoint.key)).toEqual(["from the environment", undefined]);
  product.setEndpointKeys({ "http://one:1": "kept" });
  expect(made.map(({ endpoint }) => endpoint.key)).toEqual([
    "from the environment",
    undefined,
    "kept",
  ]);
  expect(made[0]?.remote.disposed).toBe(true);
  expect(made[1]?.remote.disposed).toBe(false);
});

test("With other network settings of the editor the endpoints are asked anew, at once", async () => {
  const { product, made, apply, settled, networks } = composed({ "remote.endpoints": [one] });
  product.setNetwork({ proxy: "http://first:1" });
  await settled();
  product.engine.start("background");
  expect(made).toHaveLength(1);
  expect(networks()).toEqual({ proxy: "http://first:1" });
  product.setNetwork({ proxy: "http://second:1" });
  expect(networks()).toEqual({ proxy: "http://second:1" });
  expect(made.map(({ remote }) => remote.disposed)).toEqual([true, false]);
  expect(product.engine.state.kind).toBe("ready");
  product.setNetwork({ proxy: "http://second:1" });
  apply({ "remote.endpoints": [one] });
  expect(made).toHaveLength(2);
});

test("Without endpoints any more the local engine is used, and was not touched before", async () => {
  const { product, apply, made, settled } = composed({ "remote.endpoints": [one] });
  product.engine.start("background");
  await settled();
  apply({});
  expect(product.endpoints()).toEqual([]);
  expect(made[0]?.remote.disposed).toBe(true);
  expect(product.engine.state.kind).toBe("starting");
});

test("A request that runs while the endpoints are taken away ends where it began", async () => {
  const { product, apply, made, settled } = composed({ "remote.endpoints": [one] });
  product.engine.start("background");
  await settled();
  let end = (): void => undefined;
  const [first] = made;
  if (first === undefined) throw new Error("no endpoint");
  first.remote.answer = () =>
    new Promise((resolve) => {
      const usage = { queueMs: 0, prefillMs: 0, decodeMs: 0, evaluatedTokens: 0 };
      end = () =>
        resolve({
          kind: "done",
          value: { finish: "stop", usage: { ...usage, reusedTokens: 0, generatedTokens: 0 } },
        });
    });
  const request = product.engine.generate(
    smallRequest,
    () => undefined,
    new AbortController().signal,
  );
  await settled();
  apply({});
  expect(first.remote.disposed).toBe(false);
  end();
  expect((await request).kind).toBe("done");
  expect(first.remote.disposed).toBe(true);
});
