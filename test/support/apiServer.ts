import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { systemClock } from "../../server/engine/clock.ts";
import type { EngineOutcome, EngineState, GenerateRequest } from "../../server/engine/engine.ts";
import { createApiServer } from "../../server/http/apiServer.ts";
import { apiLimits, type ApiLimits } from "../../server/http/limits.ts";
import type { ApiProduct } from "../../server/http/types.ts";
import type { GenerateResult } from "../../server/protocol/host.ts";
import { defaultSettings, type Settings } from "../../server/protocol/settings.ts";
import type { ReviewRequest } from "../../server/review/types.ts";
import type { ReviewResult } from "../../server/protocol/review.ts";
import type { KeptWorkflow } from "../../server/protocol/workflow.ts";
import type { WorkflowRequest } from "../../server/workflow/types.ts";
import { readStats } from "../../server/compose/composeStats.ts";
import { workflowResult } from "./workflows.ts";

export const apiKey = "the-key-of-this-test";

/** A request that reached the fake engine, which the test answers. */
export interface Asked {
  readonly request: GenerateRequest;
  readonly signal: AbortSignal;
  readonly token: (text: string) => void;
  readonly finish: (finish?: "stop" | "length", stopString?: string) => void;
}

export interface ApiTestOptions {
  readonly limits?: Partial<ApiLimits>;
  readonly settings?: Partial<Settings>;
  readonly state?: EngineState;
  /** Answers each request of the engine; by default two tokens at once. */
  readonly onAsked?: (asked: Asked) => void;
}

const model = {
  path: "/models/test.gguf",
  fileSizeBytes: 1,
  architecture: "starcoder2",
  name: "Test",
  tokenizerPre: "starcoder",
  parameters: 1e6,
  quantization: "Q8_0",
  trainContextSize: 4096,
  contextSize: 4096,
  specialTokens: ["<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<file_sep>", "<|endoftext|>"],
  vocabularySize: 100,
};
export const readyState: EngineState = {
  kind: "ready",
  model,
  backend: { requested: "cpu", used: "cpu" },
};

const usage = {
  queueMs: 0,
  prefillMs: 1,
  decodeMs: 1,
  evaluatedTokens: 7,
  reusedTokens: 3,
  generatedTokens: 1,
};

/** The API on a port of its own over a product that has no model. */
export async function startTestApi(options: ApiTestOptions = {}) {
  const records: { message: string; fields: unknown }[] = [];
  const kept: KeptWorkflow[] = [];
  const tasks: WorkflowRequest[] = [];
  const reviews: ReviewRequest[] = [];
  const settings = { ...defaultSettings, ...options.settings };
  const { state = readyState, onAsked = answerAtOnce } = options;
  let warmed = 0;
  const keys = { current: apiKey };

  const engine = {
    state,
    onState: () => () => undefined,
    start: () => undefined,
    warm() {
      warmed += 1;
      return Promise.resolve({ kind: "done", value: usage } as const);
    },
    generate(
      request: GenerateRequest,
      onToken: (token: { text: string; logProbability: number }) => void,
      signal: AbortSignal,
    ): Promise<EngineOutcome<GenerateResult>> {
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve({ kind: "cancelled", usage }));
        onAsked({
          ...{ request, signal },
          token: (text) => onToken({ text, logProbability: -0.5 }),
          finish(finish = "stop", stopString) {
            const stopped = stopString === undefined ? {} : { stopString };
            resolve({ kind: "done", value: { finish, ...stopped, usage } });
          },
        });
      });
    },
  };
  const product = {
    version: "1.2.3",
    clock: systemClock,
    engine,
    settings,
    isStarter: () => true,
    syntax: {
      load: () => Promise.resolve(),
      supports: (languageId: string) => ["go", "python", "typescript"].includes(languageId),
    },
    completer: {
      complete: ({ offset }: { offset: number }) =>
        Promise.resolve({
          kind: "suggestion",
          suggestion: { text: "b;", start: offset, end: offset, probability: 0.9, source: "model" },
          usage,
        }),
      close: () => undefined,
      onCompleted: () => () => undefined,
    },
    reviewer: {
      review: (request: ReviewRequest) => {
        reviews.push(request);
        return Promise.resolve({ kind: "done", result: cleanReview });
      },
      closed: () => undefined,
    },
    readHealth: () => Promise.resolve({ model: { name: "Test" } }),
    workflow: {
      run(request: WorkflowRequest) {
        tasks.push(request);
        return Promise.resolve({
          kind: "done",
          result: workflowResult({ requestId: request.requestId }),
        });
      },
    },
    history: {
      add(result: KeptWorkflow) {
        kept.push(result);
        return Promise.resolve();
      },
    },
  } as unknown as ApiProduct;
  let ids = 0;
  const note = (message: string, fields: unknown): void => void records.push({ message, fields });
  const server = createApiServer({
    product,
    limits: { ...apiLimits, checkMs: 20, ...options.limits },
    clock: systemClock,
    log: { info: note, warn: note },
    isKey: (given) => given === keys.current,
    readStats: () => readStats("/nowhere").stats,
    nextRequestId: () => `test-${String((ids += 1))}`,
    nextWorkflowId: () => `test-g${String((ids += 1))}`,
    now: () => new Date(0),
  });
  const port = await server.listen(0);
  onTestFinished(() => server.close());
  const address = `http://127.0.0.1:${String(port)}`;

  return {
    ...{ server, product, port, address, records, kept, tasks, reviews, keys },
    get warmed() {
      return warmed;
    },
    get: (path: string, headers: Record<string, string> = {}) =>
      fetch(address + path, { headers: { Authorization: `Bearer ${apiKey}`, ...headers } }),
    post: (
      path: string,
      body: unknown,
      headers: Record<string, string> = {},
      signal?: AbortSignal,
    ) =>
      fetch(address + path, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${apiKey}`,
          "Content-Type": "application/json",
          ...headers,
        },
        body: typeof body === "string" ? body : JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      }),
    /** A bare connection, for what no client library sends. */
    dial: (): Promise<Dialled> => dial(port),
  };
}

/** A connection of a few bytes. */
export interface Dialled {
  readonly socket: Socket;
  /** All that came until the server closed. */
  readonly all: Promise<string>;
  /** What came so far. */
  readonly received: () => string;
}

function dial(port: number): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.setEncoding("utf8").on("data", (text: string) => (received += text));
    const all = new Promise<string>((settle) => {
      socket.once("close", () => settle(received));
    });
    socket.once("connect", () => {
      socket.off("error", reject).on("error", () => undefined);
      resolve({ socket, all, received: () => received });
    });
    socket.once("error", reject);
  });
}

function answerAtOnce({ token, finish }: Asked): void {
  token("a");
  token("b");
  finish();
}

const cleanReview: ReviewResult = {
  ...{ score: 10, findings: [], recommendations: [], reviewedLines: 3 },
  ...{ unreviewedChunks: 0, tokensUsed: 40, durationMs: 12, model: "Test" },
};
