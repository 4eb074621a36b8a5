import { describe, expect, it } from "vitest";
import { CancellationTokenSource } from "vscode-jsonrpc/node";
import { createHostLogLevel } from "../../../server/host/hostLogLevel.ts";
import {
  askRequest,
  decideRequest,
  generateRequest,
  helloRequest,
  hostHealthRequest,
  hostProtocolVersion,
  logSettingsNotification,
  retireRequest,
  scoreRequest,
  tokenizeRequest,
  tokenNotification,
  weighedNotification,
  weighRequest,
  type WeighedNotification,
  type WeighParams,
} from "../../../server/protocol/host.ts";
import { generate, hello, setUp } from "./servedHost.ts";

const coded = (code: string): Error =>
  expect.objectContaining({ data: expect.objectContaining({ code }) as object }) as Error;

describe("a host connection", () => {
  it("passes on how its peer wants the host to log, after hello and until it leaves", async () => {
    const level = createHostLogLevel();
    const { dial } = await setUp({}, { logClient: level.join() });
    const stranger = await dial();
    await stranger.rpc.sendNotification(logSettingsNotification, { level: "debug", source: true });
    await expect(stranger.rpc.sendRequest(hostHealthRequest)).rejects.toThrow();
    expect(level.current.level).toBe("info");
    const { rpc, socket } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    await rpc.sendNotification(logSettingsNotification, { level: "debug", source: true });
    await rpc.sendRequest(hostHealthRequest);
    expect(level.current).toEqual({ level: "debug", source: true });
    level.join().set({ level: "error", source: false });
    socket.destroy();
    await expect.poll(() => level.current).toEqual({ level: "error", source: false });
  });

  it("serves a peer that presents the token", async () => {
    const { dial, events } = await setUp();
    const { rpc } = await dial();
    const answer = await rpc.sendRequest(helloRequest, hello);
    expect(answer).toMatchObject({ hostVersion: "1.2.3", state: { kind: "ready" } });
    const texts: string[] = [];
    rpc.onNotification(tokenNotification, (shown) => {
      texts.push(shown.text);
    });
    expect(await rpc.sendRequest(generateRequest, generate)).toMatchObject({ finish: "length" });
    expect(texts).toEqual(["b", "b", "b"]);
    expect(events).toEqual(["came"]);
  });

  it("refuses a wrong token with HOST_AUTH and hangs up", async () => {
    const { dial, events } = await setUp();
    const { rpc, closed } = await dial();
    await expect(rpc.sendRequest(helloRequest, { ...hello, token: "guess" })).rejects.toThrow(
      coded("HOST_AUTH"),
    );
    await closed;
    expect(events).not.toContain("came");
  });

  it("refuses another protocol version with HOST_VERSION and hangs up", async () => {
    const { dial } = await setUp();
    const { rpc, closed } = await dial();
    const other = { ...hello, protocolVersion: hostProtocolVersion + 1 };
    await expect(rpc.sendRequest(helloRequest, other)).rejects.toThrow(coded("HOST_VERSION"));
    await closed;
  });

  it("serves nothing before hello", async () => {
    const { dial } = await setUp();
    for (const ask of ["health", "generate", "retire"] as const) {
      const { rpc, closed } = await dial();
      const params = ask === "generate" ? generate : undefined;
      await expect(rpc.sendRequest(ask, params)).rejects.toThrow(coded("HOST_AUTH"));
      await closed;
    }
  });

  it("hangs up on a peer that says nothing", async () => {
    const { dial } = await setUp({}, { helloWithinMs: 10 });
    await (
      await dial()
    ).closed;
  });

  it("hangs up on garbage without harming another connection", async () => {
    const { dial } = await setUp();
    const good = await dial();
    await good.rpc.sendRequest(helloRequest, hello);
    for (const garbage of [
      "\u0000\u0001garbage",
      "Content-Length: 67108864\r\n\r\n{",
      "Content-Length: 8\r\n\r\nnot json",
    ]) {
      const bad = await dial();
      bad.socket.write(garbage);
      await bad.closed;
    }
    expect(await good.rpc.sendRequest(tokenizeRequest, { texts: ["ab"] })).toEqual({
      tokens: [[0, 1]],
    });
  });

  it("answers a request of the wrong form with VALIDATION_ERROR and goes on", async () => {
    const { dial } = await setUp();
    const { rpc } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    await expect(rpc.sendRequest("generate", { id: 1 })).rejects.toThrow(coded("VALIDATION_ERROR"));
    expect(await rpc.sendRequest(hostHealthRequest)).toMatchObject({ queued: 0 });
  });

  it("answers a request that is too long with CONTEXT_OVERFLOW and goes on", async () => {
    const { dial } = await setUp({ contextSize: 8 });
    const { rpc } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    const long = { ...generate, prompt: [{ text: "a".repeat(8) }] };
    await expect(rpc.sendRequest(generateRequest, long)).rejects.toThrow(coded("CONTEXT_OVERFLOW"));
    expect(await rpc.sendRequest(generateRequest, generate)).toMatchObject({ finish: "length" });
  });

  it("ends a generation when it is cancelled and says what it cost", async () => {
    const source = new CancellationTokenSource();
    const { dial } = await setUp({ contextSize: 100_000 });
    const { rpc } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    rpc.onNotification(tokenNotification, () => source.cancel());
    const result = await rpc.sendRequest(
      generateRequest,
      { ...generate, maxTokens: 99_000 },
      source.token,
    );
    expect(result).toMatchObject({ finish: "cancelled", usage: { evaluatedTokens: 1 } });
  });

  it("ends what a peer asked for when the peer is gone", async () => {
    const { dial, service } = await setUp({ contextSize: 100_000 });
    const { rpc, socket } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    const started = new Promise<void>((resolve) => {
      rpc.onNotification(tokenNotification, () => resolve());
    });
    void rpc
      .sendRequest(generateRequest, { ...generate, maxTokens: 99_000 })
      .catch(() => undefined);
    await started;
    socket.destroy();
    await expect.poll(() => service.health().queued).toBe(0);
    expect(service.health().slots.every((slot) => !slot.busy)).toBe(true);
  });

  it("scores texts by what the model gives each token", async () => {
    const { dial } = await setUp();
    const { rpc } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    const params = { prefix: [{ text: "a" }], candidates: ["ba", "b", ""], priority: "background" };
    const { candidates } = await rpc.sendRequest(scoreRequest, params as never);
    expect(candidates.map((tokens) => tokens.map(({ text }) => text))).toEqual([
      ["b", "a"],
      ["b"],
      [],
    ]);
    const [first] = candidates;
    expect(first?.[0]?.logProbability).toBeCloseTo(0, 3);
    expect(first?.[1]?.logProbability).toBeCloseTo(-11, 3);
    expect(first?.[1]?.best).toBe("b");
  });

  const weigh: WeighParams = {
    id: "7",
    prefix: [{ text: "a" }],
    text: "abab",
    from: 0,
    alternatives: [1, 3].map((start) => ({
      changes: [{ start, end: start + 1, text: "aa" }],
      site: start,
      prior: 0,
    })),
    most: 2,
    mostPerSite: 1,
    leastFirst: -100,
    horizon: 10,
    giveUp: -100,
    priority: "background",
  };

  it("tells of each alternative as soon as it is weighed, and answers with all", async () => {
    const { dial } = await setUp();
    const { rpc } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    const told: WeighedNotification[] = [];
    rpc.onNotification(weighedNotification, (weighed) => {
      told.push(weighed);
    });
    const result = await rpc.sendRequest(weighRequest, weigh);
    expect(told.map(({ id, alternative }) => [id, alternative])).toEqual([
      ["7", 1],
      ["7", 0],
    ]);
    expect(result?.alternatives.map(({ odds }) => odds)).toEqual(
      [told[1], told[0]].map((weighed) => weighed?.odds),
    );
    expect(result?.tokens.map(({ end }) => end)).toEqual([1, 2, 3, 4]);
  });

  it("answers null to who cancels a weighing, and SCORES_INVALID where there is nothing to weigh by", async () => {
    const source = new CancellationTokenSource();
    const { dial } = await setUp({ predict: () => ({ a: NaN }) });
    const { rpc } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    await expect(rpc.sendRequest(weighRequest, weigh)).rejects.toThrow(coded("SCORES_INVALID"));
    const pending = rpc.sendRequest(weighRequest, weigh, source.token);
    source.cancel();
    expect(await pending).toBeNull();
  });

  it("asks and decides, and answers null to who cancelled", async () => {
    const vocabulary = ["<user>", "<answer>", "a", "b"];
    const source = new CancellationTokenSource();
    let onEvaluate = (): void => undefined;
    const { dial } = await setUp({ vocabulary, onEvaluate: () => onEvaluate() });
    const { rpc } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    const question = {
      messages: [{ role: "user" as const, text: "a" }],
      answerPrefix: "",
      priority: "background" as const,
    };
    const ask = { ...question, maxTokens: 3 };
    expect(await rpc.sendRequest(askRequest, ask)).toMatchObject({ text: "bbb", finish: "length" });
    const decided = await rpc.sendRequest(decideRequest, { ...question, options: ["a", "b"] });
    expect(decided?.probabilities[1]).toBeCloseTo(1, 3);
    onEvaluate = () => source.cancel();
    const long = { ...ask, maxTokens: 900 };
    expect(await rpc.sendRequest(askRequest, long, source.token)).toBeNull();
  });

  it("answers retire before the host begins to", async () => {
    const { dial, events } = await setUp();
    const { rpc } = await dial();
    await rpc.sendRequest(helloRequest, hello);
    expect(await rpc.sendRequest(retireRequest)).toBeNull();
    await expect.poll(() => events).toContain("retire");
  });
});
