import { expect, it, onTestFinished } from "vitest";
import { describeEndpoint } from "../../../server/compose/describeEndpoint.ts";
import { systemClock } from "../../../server/engine/clock.ts";
import { startFakeVllm } from "../../support/remote/fakeVllm.ts";
import { freePort } from "../../support/remoteEngine.ts";

const options = { clock: systemClock, env: {}, signal: new AbortController().signal };

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
