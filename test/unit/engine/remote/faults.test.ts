import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDispatcher } from "../../../../server/network/dispatcher.ts";
import type { RemoteEngine } from "../../../../server/engine/remote/types.ts";
import { createCertificate, hasOpenssl } from "../../../support/certificates.ts";
import { createManualClock } from "../../../support/manualClock.ts";
import {
  startFakeLlamaServer,
  type FakeLlamaServer,
} from "../../../support/remote/fakeLlamaServer.ts";
import { startFakeServer, sendJson } from "../../../support/remote/fakeServer.ts";
import {
  htmlPage,
  invalidUtf8,
  startFaultProxy,
  type Fault,
  type FaultProxy,
} from "../../../support/remote/faultProxy.ts";
import {
  createTestEngine,
  generateText,
  startTestEngine,
} from "../../../support/remote/remoteEngines.ts";

let server: FakeLlamaServer;
let proxy: FaultProxy;
let engine: RemoteEngine;

beforeEach(async () => {
  server = await startFakeLlamaServer();
  proxy = await startFaultProxy(server.url);
});

afterEach(async () => {
  engine.dispose();
  await proxy.close();
  await server.close();
});

/** How a request ends that meets a fault on the way to a server that was well. */
async function meet(fault: Fault, timeoutMs = 2000) {
  engine = await startTestEngine({ url: proxy.url }, { timeoutMs });
  expect(engine.state.kind).toBe("ready");
  proxy.fault = fault;
  const { outcome, text } = await generateText(engine);
  return { text, outcome, error: outcome.kind === "failed" ? outcome.error : undefined };
}

const answer = (status: number, headers = {}, body = "{}"): Fault => ({
  kind: "answer",
  status,
  headers: { "content-type": "application/json", ...headers },
  body,
});

describe("a request to a remote engine", () => {
  it.each<[string, Fault, string]>([
    ["HTML with a status of success", htmlPage, "ENDPOINT_PROTOCOL"],
    ["bytes that are no UTF-8", invalidUtf8, "ENDPOINT_PROTOCOL"],
    ["a stream that is cut", { kind: "cut", afterBytes: 400 }, "ENDPOINT_PROTOCOL"],
    ["a server that hangs up", { kind: "refuse" }, "ENDPOINT_PROTOCOL"],
    ["an event without end", { kind: "endless", event: "x".repeat(70_000) }, "ENDPOINT_PROTOCOL"],
    ["status 401", answer(401), "ENDPOINT_AUTH"],
    ["status 404", answer(404), "ENDPOINT_NOT_FOUND"],
    ["status 500", answer(500), "ENDPOINT_FAILED"],
    ["status 422", answer(422), "ENDPOINT_REFUSED"],
    ["status 504", answer(504), "TIMEOUT_ERROR"],
    ["a redirect", answer(302, { location: "http://127.0.0.1:1/" }), "ENDPOINT_NOT_FOUND"],
  ])("ends at %s", async (_, fault, code) => {
    expect((await meet(fault)).error?.code).toBe(code);
  });

  it("ends at a server that accepts and never answers, and closes the connection", async () => {
    engine = await startTestEngine({ url: proxy.url }, { timeoutMs: 300 });
    proxy.fault = { kind: "halfOpen" };
    const running = generateText(engine);
    const before = proxy.open;
    expect(await running).toMatchObject({ outcome: { error: { code: "TIMEOUT_ERROR" } } });
    await expect.poll(() => proxy.open).toBeLessThan(before);
  });

  it("gets through where answers are slow", async () => {
    expect((await meet({ kind: "slow", ms: 20 })).text).toBe(" a + b\n\nprint");
  });

  it("ends after so many tokens as were asked for where the stream has no end", async () => {
    const event = JSON.stringify({ content: "x", tokens: [1], stop: false });
    const { text, outcome } = await meet({ kind: "endless", event });
    expect([text, outcome.kind]).toEqual(["xxxxxx", "done"]);
  });

  it("is told when to come back, by the server's own clock", async () => {
    const seconds = await meet(answer(429, { "retry-after": "7" }));
    expect(seconds.error).toMatchObject({ code: "ENDPOINT_BUSY", retryAfterMs: 7000 });
    engine.dispose();
    proxy.fault = undefined;
    const date = "Thu, 01 Jan 2015 00:00:00 GMT";
    const headers = { date, "retry-after": "Thu, 01 Jan 2015 00:00:30 GMT" };
    expect((await meet(answer(503, headers))).error?.retryAfterMs).toBe(30_000);
  });

  it("shows what the server says, without the key and the request that it repeats", async () => {
    engine = await startTestEngine({ url: proxy.url, key: "sk-secret" });
    const message = "Wrong key sk-secret, 'input': secret source";
    proxy.fault = answer(401, {}, JSON.stringify({ error: { message } }));
    const { outcome } = await generateText(engine);
    const shown = outcome.kind === "failed" ? outcome.error.message : "";
    expect(shown).toContain("Wrong key …");
    expect(shown).not.toMatch(/sk-secret|source/);
    expect(engine.state.kind).toBe("failed");
  });
});

describe("a remote engine's state", () => {
  it("waits while the model is loaded there, and asks again", async () => {
    const clock = createManualClock();
    server.loading = true;
    engine = createTestEngine({ url: server.url }, { clock });
    engine.start("background");
    await expect.poll(() => engine.state).toMatchObject({ kind: "starting", why: /Loading model/ });
    server.loading = false;
    clock.advance(1000);
    await expect.poll(() => engine.state.kind).toBe("ready");
  });

  it("tries again with growing pauses where nothing listens", async () => {
    const clock = createManualClock();
    await server.close();
    engine = createTestEngine({ url: server.url }, { clock });
    engine.start("background");
    const pauses: number[] = [];
    engine.onState((state) => {
      if (state.kind === "restarting") pauses.push(state.retryInMs);
    });
    for (let at = 1; at <= 3; at++) {
      await expect.poll(() => pauses.length).toBe(at);
      clock.advance(pauses.at(-1) ?? 0);
    }
    expect(pauses.slice(0, 3)).toEqual([1000, 2000, 4000]);
    expect(engine.state).toMatchObject({ error: { code: "ENDPOINT_UNREACHABLE" } });
  });

  it("is probed again after its server has gone", async () => {
    engine = await startTestEngine({ url: server.url });
    await server.close();
    const { outcome } = await generateText(engine);
    expect(outcome).toMatchObject({ kind: "failed", error: { code: "ENDPOINT_UNREACHABLE" } });
    expect(engine.state.kind).toBe("restarting");
  });

  it.each<[string, { url?: string; key?: string; model?: string }, string]>([
    ["an address that is none", { url: "localhost:1" }, "ENDPOINT_INVALID"],
    ["a key that no header may have", { key: "ä" }, "ENDPOINT_AUTH"],
    ["a model that is not served", { model: "other" }, "ENDPOINT_MODEL"],
  ])("is failed for good by %s", async (_, given, code) => {
    engine = await startTestEngine({ url: server.url, ...given });
    expect(engine.state).toMatchObject({ kind: "failed", error: { code } });
  });

  it("tells a name that cannot be resolved", async () => {
    engine = await startTestEngine({ url: "http://nowhere.invalid:8080" });
    expect(engine.state).toMatchObject({ kind: "restarting", error: { code: "ENDPOINT_DNS" } });
  });

  it("is failed where there is something else than a completions server", async () => {
    const other = await startFakeServer({ answer: (_, response) => sendJson(response, {}, 404) });
    engine = await startTestEngine({ url: other.url });
    expect(engine.state).toMatchObject({ error: { code: "ENDPOINT_NOT_FOUND" } });
    await other.close();
  });

  it("does not send the key over plain http to another machine, and says so", async () => {
    engine = createTestEngine({ url: "http://nowhere.invalid:1", key: "k" });
    engine.start("background");
    await expect.poll(() => engine.state.kind).not.toBe("starting");
    expect(engine.limits.join()).toContain("The key is not sent");
  });

  it.runIf(hasOpenssl)("tells a certificate that is not accepted", async () => {
    const certificate = createCertificate();
    const secure = await startFakeLlamaServer({ certificate });
    const dispatcher = createDispatcher({ env: {} });
    engine = await startTestEngine({ url: secure.url }, { dispatcher });
    expect(engine.state).toMatchObject({ error: { code: "ENDPOINT_TLS" } });
    engine.dispose();
    const trusting = createDispatcher({ env: { NODE_EXTRA_CA_CERTS: certificate.path } });
    engine = await startTestEngine({ url: secure.url }, { dispatcher: trusting });
    expect(engine.state.kind).toBe("ready");
    await Promise.all([dispatcher.destroy(), trusting.destroy(), secure.close()]);
    certificate.remove();
  });
});
