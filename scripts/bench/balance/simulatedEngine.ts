import { createEngineStates } from "../../../server/engine/local/engineStates.ts";
import type { EngineOutcome } from "../../../server/engine/engine.ts";
import type { Clock } from "../../../server/engine/clock.ts";
import type { RemoteEngine } from "../../../server/engine/remote/types.ts";
import { CodedError } from "../../../server/protocol/errors.ts";
import { noUsage, type GenerateResult } from "../../../server/protocol/host.ts";

/** What a request takes, in milliseconds. */
export interface ServiceTimes {
  /** To the first token, where the prompt's beginning is in the cache, and where it is not. */
  readonly cachedMs: number;
  readonly freshMs: number;
  /** For each further token. */
  readonly tokenMs: number;
  readonly source: string;
}

export interface SimulatedEngine extends RemoteEngine {
  readonly counts: { requests: number; cached: number };
  /** From now on it answers nothing, and what runs there never ends. */
  die(): void;
}

/** Requests that it works on at once; others wait in a queue. */
const slots = 4;
/** Files whose beginning it remembers: by memory some hundred, here few, to be strict. */
const remembered = 16;
const tokens = 8;

/** A server with slots, a queue and a cache of prompts' beginnings, on simulated time. */
export function createSimulatedEngine(
  name: string,
  clock: Clock,
  random: () => number,
  times: ServiceTimes,
  onAsked: (name: string, file: string) => void,
): SimulatedEngine {
  const states = createEngineStates();
  const cache = new Set<string>();
  const queue: (() => void)[] = [];
  const counts = { requests: 0, cached: 0 };
  let busy = 0;
  let dead = false;

  function free(): void {
    busy -= 1;
    queue.shift()?.();
  }

  /** Spread as measured times are: a tail above, little below. */
  const spread = (ms: number) => ms * (0.9 + 0.1 * -Math.log(1 - random()));

  function remember(file: string): boolean {
    const isKnown = cache.delete(file);
    cache.add(file);
    const [oldest] = cache;
    if (cache.size > remembered && oldest !== undefined) cache.delete(oldest);
    return isKnown;
  }

  const none = () =>
    Promise.resolve({ kind: "failed", error: new CodedError("LOGPROBS_UNAVAILABLE") } as const);
  return {
    endpoint: { url: `http://${name}`, name },
    kind: "llama-server",
    limits: [],
    counts,
    get state() {
      return states.current;
    },
    onState: (listener) => states.onState(listener),
    start() {
      states.become({
        kind: "ready",
        model: {
          ...{ path: "m", fileSizeBytes: 0, architecture: "", name: "m", tokenizerPre: "" },
          ...{ parameters: 0, quantization: "", trainContextSize: 4096, contextSize: 4096 },
          ...{ specialTokens: [], vocabularySize: 0 },
        },
        backend: { requested: "remote", used: "remote" },
      });
    },
    restart: () => Promise.resolve(),
    generate: (request, onToken, signal) =>
      new Promise<EngineOutcome<GenerateResult>>((resolve) => {
        onAsked(name, request.affinity ?? "");
        let cancel = (): void => undefined;
        let state: "waits" | "runs" | "over" = "waits";
        const end = (outcome: EngineOutcome<GenerateResult>): void => {
          if (state === "over") return;
          const ran = state === "runs";
          state = "over";
          cancel();
          resolve(outcome);
          if (ran) free();
        };
        const begin = (): void => {
          if (state === "over") {
            queue.shift()?.();
            return;
          }
          state = "runs";
          busy += 1;
          if (dead) return;
          counts.requests += 1;
          const isCached = remember(request.affinity ?? "");
          if (isCached) counts.cached += 1;
          cancel = clock.after(spread(isCached ? times.cachedMs : times.freshMs), () => step(1));
        };
        const step = (index: number): void => {
          if (dead) return;
          onToken({ text: "x", logProbability: 0 });
          if (index === tokens) end({ kind: "done", value: { finish: "stop", usage: noUsage } });
          else cancel = clock.after(spread(times.tokenMs), () => step(index + 1));
        };
        signal.addEventListener("abort", () => end({ kind: "cancelled" }), { once: true });
        if (busy < slots) begin();
        else queue.push(begin);
      }),
    ...{ warm: none, score: none, weigh: none, ask: none, decide: none, tokenize: none },
    health: none,
    check: () =>
      dead ? new Promise(() => undefined) : Promise.resolve({ kind: "done", value: undefined }),
    dispose: () => states.dispose(),
    die: () => (dead = true),
  };
}
