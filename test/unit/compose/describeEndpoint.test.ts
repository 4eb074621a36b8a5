import { expect, it, onTestFinished } from "vitest";
import { describeEndpoint } from "../../../server/compose/describeEndpoint.ts";
import { systemClock } from "../../../server/engine/clock.ts";
import { startFakeVllm } from "../../support/remote/fakeVllm.ts";
import { freePort, startProxy } from "../../support/remoteEngine.ts";

const options = {
  ...{ clock: systemClock, env: {}, network: undefined },
  signal: new AbortController().signal,
};

it("tells what the engine finds at an endpoint, with its key", async () => {
  const server = await startFakeVllm({ key: "right" });
  onTestFinished(() => server.close());
  const at = (key: string) => describeEndpoint({ url: server.url, name: "a", key }, options);
  expect(await at("right")).toMatchObject({ kind: "known", server: "vllm", fillsMiddle: true });
  expect(await at("wrong")).toMatchObject({ kind: "failed", code: "ENDPOINT_AUTH" });
});

it("tells why there is none", async () => {
  const url = `http://127.0.0.1:${String(await freePort())}`;
  const described = await describeEndpoint({ url, name: "a" }, options);
  expect(described).toMatchObject({ kind: "failed", code: "ENDPOINT_UNREACHABLE" });
});

it("goes by the editor's proxy, which is told the whole address of plain http", async () => {
  const server = await startFakeVllm();
  const proxy = await startProxy();
  onTestFinished(() => Promise.all([server.close(), proxy.close()]).then(() => undefined));
  const url = `http://engine.test:${new URL(server.url).port}`;
  const network = { proxy: proxy.url.replace("//", "//me:hidden@") };
  const described = await describeEndpoint({ url, name: "a" }, { ...options, network });
  expect(described).toMatchObject({ kind: "known", server: "vllm" });
  expect(proxy.requests[0]?.line).toMatch(/^[A-Z]+ http:\/\/engine\.test:\d+\//);
  expect(proxy.requests[0]?.forProxy).toBe(`Basic ${Buffer.from("me:hidden").toString("base64")}`);
});

it.each([
  ["is not there", async () => `http://localhost:${String(await freePort())}`],
  ["has no address", () => Promise.resolve("socks5://me:hidden@localhost:1")],
])("tells a proxy that %s as the proxy's fault, as the doctor does", async (_, proxyAt) => {
  const network = { proxy: await proxyAt() };
  const described = await describeEndpoint(
    { url: "http://engine.test", name: "a" },
    { ...options, network },
  );
  expect(described).toMatchObject({
    ...{ kind: "failed", code: "ENDPOINT_PROXY" },
    message: expect.stringContaining("the editor's http.proxy") as string,
  });
  expect(JSON.stringify(described)).not.toContain("hidden");
});
