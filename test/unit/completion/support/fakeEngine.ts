import type { Engine, EngineState, GenerateRequest } from "../../../../server/engine/engine.ts";
import type { ModelDescription, PromptPart, Usage } from "../../../../server/protocol/host.ts";
import { CodedError } from "../../../../server/protocol/errors.ts";
import type { FakeClock } from "./fakeClock.ts";

/** StarCoder2 as the host describes it. */
export const starCoder2: ModelDescription = {
  path: "/models/any.gguf",
  fileSizeBytes: 1,
  architecture: "starcoder2",
  name: "any",
  tokenizerPre: "starcoder",
  parameters: 7_000_000,
  quantization: "Q8_0",
  trainContextSize: 8192,
  contextSize: 8192,
  specialTokens: [
    "<fim_prefix>",
    "<fim_suffix>",
    "<fim_middle>",
    "<file_sep>",
    "<repo_name>",
    "<|endoftext|>",
  ],
  vocabularySize: 49152,
};

/** Qwen2.5-Coder as the host describes it. */
export const qwenCoder: ModelDescription = {
  ...starCoder2,
  architecture: "qwen2",
  tokenizerPre: "qwen2",
  specialTokens: [
    "<|fim_prefix|>",
    "<|fim_suffix|>",
    "<|fim_middle|>",
    "<|repo_name|>",
    "<|file_sep|>",
    "<|endoftext|>",
  ],
};

export interface RecordedCall {
  readonly kind: "generate" | "warm";
  readonly request: Pick<GenerateRequest, "prompt" | "priority"> & Partial<GenerateRequest>;
  readonly usage: Usage;
  aborted: boolean;
}

/** An engine that counts a token for each character and special token, with sequences as the host's. */
export interface FakeEngine extends Engine {
  readonly calls: RecordedCall[];
  /** Text that the model writes after a prompt; healed text is not part of it. */
  script: (request: GenerateRequest) => string;
  setState(state: EngineState): void;
}

const msPerToken = 10;

/** Creates an engine whose tokens are single characters: 10 ms each, prompts 0.01 ms a token. */
export function createFakeEngine(
  clock: FakeClock,
  model: ModelDescription,
  options: { slots?: number; prefillMs?: number } = {},
): FakeEngine {
  const slots: string[][] = [];
  const calls: RecordedCall[] = [];
  let state: EngineState = ready(model);
  const listeners = new Set<(state: EngineState) => void>();

  function evaluate(prompt: readonly PromptPart[]): Usage {
    const tokens = prompt.flatMap((part) =>
      "special" in part ? [part.special] : part.text.split(""),
    );
    let best: string[] | undefined;
    let shared = 0;
    for (const slot of slots) {
      const length = sharedLength(slot, tokens);
      if (length > shared) [best, shared] = [slot, length];
    }
    // Less than half shared: another place, another sequence, as long as there is one.
    if (best !== undefined && (shared > best.length / 2 || slots.length >= (options.slots ?? 4))) {
      slots.splice(slots.indexOf(best), 1);
    } else if (slots.length >= (options.slots ?? 4)) slots.pop();
    slots.unshift(tokens);
    const evaluatedTokens = tokens.length - shared;
    return {
      queueMs: 0,
      prefillMs: evaluatedTokens * (options.prefillMs ?? 0.01),
      decodeMs: 0,
      evaluatedTokens,
      reusedTokens: shared,
      generatedTokens: 0,
    };
  }

  const engine: FakeEngine = {
    calls,
    script: () => "",
    get state() {
      return state;
    },
    setState(next) {
      state = next;
      for (const listener of listeners) listener(next);
    },
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => undefined,
    restart: () => Promise.resolve(),
    generate(request, onToken, signal) {
      const usage = evaluate(request.prompt);
      const call: RecordedCall = { kind: "generate", request, usage, aborted: false };
      calls.push(call);
      if (usage.evaluatedTokens + usage.reusedTokens > model.contextSize) {
        return Promise.resolve({ kind: "failed", error: new CodedError("CONTEXT_OVERFLOW") });
      }
      const text = engine.script(request).slice(0, request.maxTokens);
      return new Promise((resolve) => {
        let at = 0;
        let cancelTimer: () => void = () => undefined;
        const spent = (): Usage => ({ ...usage, decodeMs: at * msPerToken, generatedTokens: at });
        const step = () => {
          if (at >= text.length) {
            resolve({ kind: "done", value: { finish: "stop", usage: spent() } });
            return;
          }
          onToken({ text: text.charAt(at++), logProbability: -0.1 });
          if (!signal.aborted) cancelTimer = clock.after(msPerToken, step);
        };
        signal.addEventListener("abort", () => {
          call.aborted = true;
          cancelTimer();
          resolve({ kind: "cancelled", usage: spent() });
        });
        cancelTimer = clock.after(usage.prefillMs + msPerToken, step);
      });
    },
    warm(request, signal) {
      const usage = evaluate(request.prompt);
      const call: RecordedCall = { kind: "warm", request, usage, aborted: false };
      calls.push(call);
      return new Promise((resolve) => {
        clock.after(usage.prefillMs, () => resolve({ kind: "done", value: usage }));
        signal.addEventListener("abort", () => {
          call.aborted = true;
          resolve({ kind: "cancelled" });
        });
      });
    },
    score: () => Promise.resolve({ kind: "cancelled" }),
    weigh: () => Promise.resolve({ kind: "cancelled" }),
    tokenize: () => Promise.resolve({ kind: "cancelled" }),
    health: () => Promise.resolve({ kind: "cancelled" }),
    dispose: () => undefined,
  };
  return engine;
}

/** The state of an engine with a model on the CPU. */
export function ready(model: ModelDescription): Extract<EngineState, { kind: "ready" }> {
  return { kind: "ready", model, backend: { requested: "cpu", used: "cpu" } };
}

function sharedLength(left: readonly string[], right: readonly string[]): number {
  let length = 0;
  while (length < left.length && length < right.length && left[length] === right[length]) length++;
  return length;
}
