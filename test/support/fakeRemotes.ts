import { onTestFinished } from "vitest";
import type { EngineOutcome, EngineState, GenerateRequest } from "../../server/engine/engine.ts";
import { createEngineStates } from "../../server/engine/local/engineStates.ts";
import {
  createBalancedEngine,
  type BalancedEngineOptions,
} from "../../server/engine/remote/balance/balancedEngine.ts";
import type { RemoteEngine } from "../../server/engine/remote/types.ts";
import { CodedError, type ErrorCode } from "../../server/protocol/errors.ts";
import { noUsage, type GenerateResult, type ModelDescription } from "../../server/protocol/host.ts";
import { createManualClock, type ManualClock } from "./manualClock.ts";
import { smallRequest } from "./localEngine.ts";

type Generate = RemoteEngine["generate"];

/** What a fake endpoint does with a request. */
export type FakeAnswer = (
  clock: ManualClock,
  ...call: Parameters<Generate>
) => Promise<EngineOutcome<GenerateResult>>;

export const remoteModel: ModelDescription = {
  path: "some-coder-1b",
  fileSizeBytes: 0,
  architecture: "some",
  name: "some-coder-1b",
  tokenizerPre: "",
  parameters: 1e9,
  quantization: "",
  trainContextSize: 4096,
  contextSize: 4096,
  specialTokens: [],
  vocabularySize: 0,
};

export interface FakeRemote extends RemoteEngine {
  /** What it does with the next requests. */
  answer: FakeAnswer;
  /** What it answers to health checks. */
  wellness: () => Promise<EngineOutcome<undefined>>;
  /** Requests that came to it. */
  readonly asked: GenerateRequest[];
  checks: number;
  cancelled: number;
  disposed: boolean;
  become(state: EngineState): void;
}

/** An endpoint that is up once started. */
export function createFakeRemote(
  name: string,
  clock: ManualClock,
  model: Partial<ModelDescription> = {},
): FakeRemote {
  const states = createEngineStates();
  const ready: EngineState = {
    kind: "ready",
    model: { ...remoteModel, ...model },
    backend: { requested: "remote", used: "remote" },
  };
  const lack = () =>
    Promise.resolve({ kind: "failed", error: new CodedError("LOGPROBS_UNAVAILABLE") } as const);
  const fake: FakeRemote = {
    endpoint: { url: `http://${name}.test`, name },
    kind: "llama-server",
    limits: [],
    answer: gives("a b c"),
    wellness: () => Promise.resolve({ kind: "done", value: undefined }),
    asked: [],
    checks: 0,
    cancelled: 0,
    disposed: false,
    become: (state) => states.become(state),
    get state() {
      return states.current;
    },
    onState: (listener) => states.onState(listener),
    start() {
      if (states.current.kind === "stopped") states.become(ready);
    },
    restart() {
      states.become(ready);
      return Promise.resolve();
    },
    generate(request, onToken, signal) {
      fake.asked.push(request);
      signal.addEventListener("abort", () => (fake.cancelled += 1));
      return fake.answer(clock, request, onToken, signal);
    },
    warm: () => Promise.resolve({ kind: "done", value: noUsage }),
    score: lack,
    weigh: lack,
    ask: lack,
    decide: lack,
    tokenize: (texts) => Promise.resolve({ kind: "done", value: texts.map(() => [1]) }),
    health: lack,
    check() {
      fake.checks += 1;
      return fake.wellness();
    },
    dispose() {
      fake.disposed = true;
    },
  };
  return fake;
}

/** Streams words, the first after `firstMs`, each next one after `gapMs`; then it is done. */
export function gives(words: string, { firstMs = 10, gapMs = 10 } = {}): FakeAnswer {
  return streamed(words, firstMs, gapMs, (count) => ({
    kind: "done",
    value: { finish: "stop", usage: { ...noUsage, generatedTokens: count } },
  }));
}

/** As `gives`, but in place of an end it fails. */
export function breaksAfter(words: string, code: ErrorCode = "ENDPOINT_PROTOCOL"): FakeAnswer {
  return streamed(words, 10, 10, () => ({ kind: "failed", error: new CodedError(code) }));
}

/** As `gives`, and then nothing more. */
export function stallsAfter(words: string): FakeAnswer {
  return streamed(words, 10, 10, undefined);
}

export const hangs: FakeAnswer = stallsAfter("");

/** Fails at once. */
export function fails(code: ErrorCode, retryAfterMs?: number): FakeAnswer {
  return () => {
    const error = new CodedError(code);
    if (retryAfterMs !== undefined) error.retryAfterMs = retryAfterMs;
    return Promise.resolve({ kind: "failed", error });
  };
}

function streamed(
  words: string,
  firstMs: number,
  gapMs: number,
  end: ((count: number) => EngineOutcome<GenerateResult>) | undefined,
): FakeAnswer {
  const tokens = words === "" ? [] : words.split(" ").map((word) => `${word} `);
  return (clock, _request, onToken, signal) =>
    new Promise((resolve) => {
      let index = 0;
      const step = (): void => {
        const text = tokens[index];
        if (text === undefined) {
          if (end !== undefined) resolve(end(index));
          return;
        }
        index += 1;
        onToken({ text, logProbability: -1 });
        cancel = clock.after(gapMs, step);
      };
      let cancel = clock.after(firstMs, step);
      signal.addEventListener("abort", () => {
        cancel();
        resolve({ kind: "cancelled" });
      });
    });
}

/** Endpoints of these names behind one engine, on a clock of the test's; started. */
export function balanceOver(
  names: readonly string[],
  options: Partial<BalancedEngineOptions> & {
    readonly models?: readonly Partial<ModelDescription>[];
  } = {},
) {
  const clock = createManualClock();
  const remotes = names.map((name, index) =>
    createFakeRemote(name, clock, options.models?.[index]),
  );
  const engine = createBalancedEngine({
    members: remotes,
    clock,
    random: () => 0.5,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    timeoutMs: () => 30_000,
    ...options,
  });
  onTestFinished(() => engine.dispose());
  engine.start("background");
  const byName = new Map(remotes.map((remote) => [remote.endpoint.name, remote]));

  /** Lets what was promised happen, and time pass in small steps. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left >= 0; left -= 10) {
      for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
      if (left > 0) clock.advance(Math.min(10, left));
    }
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  }

  /** Begins a request; `text` grows as its tokens come. */
  function ask(affinity: string | undefined, request: Partial<GenerateRequest> = {}) {
    const controller = new AbortController();
    const asked = {
      text: "",
      outcome: undefined as EngineOutcome<GenerateResult> | undefined,
      cancel: () => controller.abort(),
    };
    void engine
      .generate(
        {
          ...smallRequest,
          maxTokens: 20,
          ...(affinity === undefined ? {} : { affinity }),
          ...request,
        },
        ({ text }) => (asked.text += text),
        controller.signal,
      )
      .then((outcome) => (asked.outcome = outcome));
    return asked;
  }

  /** The endpoint to which requests of an affinity go while all are well, and the others. */
  async function homeOf(affinity: string): Promise<readonly FakeRemote[]> {
    const before = new Map(remotes.map((remote) => [remote, remote.asked.length]));
    ask(affinity);
    await pass(100);
    const home = remotes.filter((remote) => remote.asked.length > (before.get(remote) ?? 0));
    for (const remote of remotes) remote.asked.length = 0;
    return [...home, ...remotes.filter((remote) => !home.includes(remote))];
  }

  const statusOf = (remote: FakeRemote | undefined) =>
    engine.status().find(({ name }) => name === remote?.endpoint.name);
  return { engine, clock, remotes, byName, pass, ask, homeOf, statusOf };
}
