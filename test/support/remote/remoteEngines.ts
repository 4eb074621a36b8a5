import { Agent, type Dispatcher } from "undici";
import { systemClock, type Clock } from "../../../server/engine/clock.ts";
import type { GenerateRequest } from "../../../server/engine/engine.ts";
import { createRemoteEngine } from "../../../server/engine/remote/remoteEngine.ts";
import type { RemoteEndpoint, RemoteEngine } from "../../../server/engine/remote/types.ts";
import { whenReady } from "../../../server/engine/whenReady.ts";

export interface TestEngineOptions {
  readonly clock?: Clock;
  readonly dispatcher?: Dispatcher;
  readonly timeoutMs?: number;
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A remote engine with a connection pool of its own, not started yet. */
export function createTestEngine(
  endpoint: Partial<RemoteEndpoint> & Pick<RemoteEndpoint, "url">,
  { clock = systemClock, dispatcher = new Agent(), timeoutMs = 2000 }: TestEngineOptions = {},
): RemoteEngine {
  return createRemoteEngine({
    endpoint: { name: "test", ...endpoint },
    dispatcher,
    clock,
    random: () => 0.5,
    log: silent,
    timeoutMs: () => timeoutMs,
  });
}

/** The same, started, once it is ready or has failed. */
export async function startTestEngine(
  ...[endpoint, options]: Parameters<typeof createTestEngine>
): Promise<RemoteEngine> {
  const engine = createTestEngine(endpoint, options);
  engine.start("explicit");
  await whenReady(engine, { clock: systemClock, atMostMs: 5000, firstFailure: true });
  return engine;
}

/** A greedy request for six tokens after one text. */
export function requestFor(given: Partial<GenerateRequest> = {}): GenerateRequest {
  return {
    prompt: [{ text: "def add(a, b):\n    return" }],
    heal: "",
    priority: "typing",
    maxTokens: 6,
    sampling: { temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1 },
    stopTokens: [],
    stopStrings: [],
    ...given,
  };
}

/** Generates; the text that was streamed, and how it ended. */
export async function generateText(
  engine: RemoteEngine,
  given: Partial<GenerateRequest> = {},
  signal = new AbortController().signal,
) {
  const tokens: { text: string; logProbability: number }[] = [];
  const outcome = await engine.generate(requestFor(given), (token) => tokens.push(token), signal);
  return { text: tokens.map(({ text }) => text).join(""), tokens, outcome };
}
