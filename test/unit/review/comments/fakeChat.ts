import type { ChatEngine, Engine } from "../../../../server/engine/engine.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import type {
  AskParams,
  DecideParams,
  ModelDescription,
  Usage,
  WeighResult,
} from "../../../../server/protocol/host.ts";
import type { WeighRequest } from "../../../../server/engine/engine.ts";

export const usage: Usage = {
  queueMs: 1,
  prefillMs: 2,
  decodeMs: 3,
  evaluatedTokens: 4,
  reusedTokens: 5,
  generatedTokens: 6,
};

export const instructModel: ModelDescription = {
  path: "/models/any.gguf",
  fileSizeBytes: 1,
  architecture: "qwen2",
  name: "Any Coder 7B Instruct",
  tokenizerPre: "qwen2",
  parameters: 7e9,
  quantization: "Q4_K_M",
  trainContextSize: 8192,
  contextSize: 8192,
  specialTokens: [],
  vocabularySize: 1000,
};

/** How the fake engine answers; each answer is used once, the last one from then on. */
export interface FakeChatOptions {
  readonly model?: ModelDescription;
  /** Texts; `cut` in front cuts them off. An error fails the request. */
  readonly answers?: readonly (string | { readonly cut: string } | CodedError)[];
  /** The probability of each `decide` request's options; where left out all agree. */
  readonly decide?: (request: DecideParams) => {
    readonly probabilities: number[];
    readonly covered: number;
  };
  /** Nats in favour of each replacement. */
  readonly odds?: number;
  /** It tells no probabilities. */
  readonly untold?: boolean;
}

export interface FakeChat extends Pick<Engine, "state" | "weigh">, ChatEngine {
  readonly asked: AskParams[];
  readonly decided: DecideParams[];
  readonly weighed: WeighRequest[];
}

/** An engine that answers what a test says and records what it was asked. */
export function fakeChat(options: FakeChatOptions = {}): FakeChat {
  const answers = [...(options.answers ?? [])];
  const asked: AskParams[] = [];
  const decided: DecideParams[] = [];
  const weighed: WeighRequest[] = [];
  const weighResult = (): WeighResult => ({
    tokens: [],
    alternatives: [
      { first: 0, written: 0, odds: { change: options.odds ?? 0, after: 0, complete: true } },
    ],
    usage,
  });
  const untold = { kind: "failed", error: new CodedError("LOGPROBS_UNAVAILABLE") } as const;
  return {
    asked,
    decided,
    weighed,
    state: {
      kind: "ready",
      model: options.model ?? instructModel,
      backend: { requested: "cpu", used: "cpu" },
    },
    ask(request, signal) {
      asked.push(request);
      if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? "";
      if (answer instanceof Error) return Promise.resolve({ kind: "failed", error: answer });
      const value =
        typeof answer === "string"
          ? { text: answer, finish: "stop" as const, usage }
          : { text: answer.cut, finish: "length" as const, usage };
      return Promise.resolve({ kind: "done", value });
    },
    decide(request, signal) {
      decided.push(request);
      if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
      if (options.untold === true) return Promise.resolve(untold);
      const first = request.options.map((_, index) => (index === 0 ? 0.9 : 0.1));
      const answer = options.decide?.(request) ?? { probabilities: first, covered: 1 };
      return Promise.resolve({ kind: "done", value: { ...answer, usage } });
    },
    weigh(request, _onWeighed, signal) {
      weighed.push(request);
      if (signal.aborted) return Promise.resolve({ kind: "cancelled" });
      if (options.untold === true) return Promise.resolve(untold);
      return Promise.resolve({ kind: "done", value: weighResult() });
    },
  };
}
