import { CodedError, type ErrorCode } from "../../protocol/errors.ts";
import type { ChatEngine, EngineOutcome, EngineState } from "../engine.ts";
import { createChat } from "./chat/chat.ts";
import type { Dialect } from "./dialects/dialect.ts";
import { generate, warm } from "./generate.ts";
import { createTransport, type Transport } from "./transport/transport.ts";
import { createLikelihood, type Likelihood } from "./likelihood/likelihood.ts";
import { createLifeCycle } from "./lifeCycle.ts";
import { probe } from "./probe.ts";
import { settle } from "./settle.ts";
import type { RemoteEngine, RemoteEngineOptions } from "./types.ts";

/** What requests need of an endpoint that is ready. */
interface Reached {
  readonly dialect: Dialect;
  readonly transport: Transport;
  readonly likelihood: Likelihood;
  readonly chat: ChatEngine;
}

/** An engine behind an address: see `RemoteEngine`. Nothing is sent before `start`. */
export function createRemoteEngine(options: RemoteEngineOptions): RemoteEngine {
  const { endpoint, clock, log } = options;
  const now = (): number => clock.now();
  const listeners = new Set<(state: EngineState) => void>();
  let transport: Transport | undefined;
  let reached: Reached | undefined;

  const life = createLifeCycle({
    clock,
    random: options.random,
    async probe(signal) {
      transport ??= createTransport(options);
      return probe({ transport, endpoint, now }, signal);
    },
    onChange(state) {
      record(state);
      for (const listener of listeners) listener(state);
    },
  });

  function record(state: EngineState): void {
    const fields = { endpoint: endpoint.name };
    if (state.kind === "ready") {
      const { name: model, contextSize } = state.model;
      log.info("A remote engine is ready.", {
        ...fields,
        kind: life.dialect?.kind,
        model,
        contextSize,
      });
    } else if (state.kind === "failed" || state.kind === "restarting") {
      const { code, message } = state.error;
      log.warn("A remote engine cannot be used.", { ...fields, code, reason: message });
    }
  }

  /** Runs a request where the endpoint is ready; else it settles at once with the reason. */
  async function use<Value>(
    call: (reached: Reached) => Promise<EngineOutcome<Value>>,
  ): Promise<EngineOutcome<Value>> {
    const { state, dialect } = life;
    if (state.kind !== "ready" || dialect === undefined || transport === undefined) {
      return { kind: "failed", error: absence(state) };
    }
    if (reached?.dialect !== dialect) reached = reach(dialect, transport);
    const outcome = await call(reached);
    if (outcome.kind === "failed") life.failed(outcome.error);
    return outcome;
  }

  function reach(dialect: Dialect, to: Transport): Reached {
    const { kind, modelId: model, scorer } = dialect;
    const { contextSize, specialTokens } = dialect.model;
    return {
      dialect,
      transport: to,
      likelihood: createLikelihood({ scorer, contextSize, now }),
      chat: createChat({ kind, model, specialTokens, transport: to, now }),
    };
  }

  return {
    endpoint,
    get kind() {
      return life.dialect?.kind;
    },
    get limits() {
      const withheld = transport?.keyWithheld;
      return [...(withheld === undefined ? [] : [withheld]), ...(life.dialect?.limits ?? [])];
    },
    get state() {
      return life.state;
    },
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start: (reason) => life.start(reason),
    restart() {
      life.restart();
      return Promise.resolve();
    },
    generate: (request, onToken, signal) =>
      use((to) => generate({ ...to, now }, request, onToken, signal)),
    warm: (request, signal) => use((to) => warm({ ...to, now }, request, signal)),
    score: (request, signal) => use(({ likelihood }) => likelihood.score(request, signal)),
    weigh: (request, onWeighed, signal) =>
      use(({ likelihood }) => likelihood.weigh(request, onWeighed, signal)),
    ask: (request, signal, onToken) => use(({ chat }) => chat.ask(request, signal, onToken)),
    decide: (request, signal) => use(({ chat }) => chat.decide(request, signal)),
    tokenize: (texts) =>
      use(({ dialect }) => {
        const { signal } = new AbortController();
        return settle(signal, async () => {
          if (dialect.tokenize !== undefined) return dialect.tokenize(texts, signal);
          const detail = `${endpoint.name} has no tokenizer that can be asked.`;
          throw new CodedError("MODEL_UNAVAILABLE", detail);
        });
      }),
    health() {
      const detail = `${endpoint.name} is a remote engine: its process is not looked into.`;
      return failed("MODEL_UNAVAILABLE", detail);
    },
    check: (signal) =>
      use(({ dialect: { healthPath }, transport: to }) =>
        settle(signal, () => to.ping({ path: healthPath }, signal).then(() => undefined)),
      ),
    dispose() {
      life.dispose();
      listeners.clear();
    },
  };
}

function failed(
  code: ErrorCode,
  detail: string,
): Promise<{ readonly kind: "failed"; readonly error: CodedError }> {
  return Promise.resolve({ kind: "failed", error: new CodedError(code, detail) });
}

/** Why an engine that is not ready does nothing. */
function absence(state: EngineState): CodedError {
  if (state.kind === "failed" || state.kind === "restarting") return state.error;
  const why = state.kind === "starting" ? state.why : undefined;
  return new CodedError("MODEL_UNAVAILABLE", why ?? "The remote engine has not answered yet.");
}
