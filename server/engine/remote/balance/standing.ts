import { CodedError } from "../../../protocol/errors.ts";
import type { ModelDescription } from "../../../protocol/host.ts";
import type { Engine, EngineState } from "../../engine.ts";
import type { Member } from "./member.ts";

/** What the state of all together is told from. */
export interface StandingSource {
  readonly all: readonly Member[];
  readonly up: readonly Member[];
  readonly fallback: Pick<Engine, "state"> | undefined;
  /** Some have not answered yet, and that is no trouble so far. */
  readonly isEarly: boolean;
}

const asking = "The remote engines are asked what they have.";
const loading = "No remote engine can be used; the local model is being loaded.";

/** Where all endpoints together stand. */
export function standingOf(source: StandingSource): EngineState {
  const { all, up, fallback, isEarly } = source;
  const model = up.length > 0 ? describe(all) : undefined;
  if (model !== undefined) {
    return { kind: "ready", model, backend: { requested: "remote", used: "remote" } };
  }
  if (isEarly) return { kind: "starting", why: asking };
  const error = downError(all);
  if (fallback !== undefined) return ofFallback(fallback.state, error);
  if (all.every(({ state }) => state === "failed")) return { kind: "failed", error };
  const pauses = all.flatMap(({ retryInMs }) => retryInMs ?? []);
  return { kind: "restarting", error, retryInMs: Math.min(...pauses, 60_000) };
}

function ofFallback(state: EngineState, error: CodedError): EngineState {
  switch (state.kind) {
    case "ready":
    case "unloaded": {
      const { used } = state.backend;
      const fallbackReason = error.message;
      return { ...state, backend: { requested: "remote", used, fallbackReason } };
    }
    case "stopped":
    case "starting":
      return { kind: "starting", why: loading };
    case "restarting":
    case "failed":
      return { ...state, error: withDetail(error, `The local model: ${state.error.message}`) };
  }
}

/**
 * One description for all, the same whoever is up, so that nothing that depends on the model is
 * made anew when one goes or comes back: that of the first, with the smallest context of all.
 */
function describe(all: readonly Member[]): ModelDescription | undefined {
  const models = all
    .filter(({ misfit }) => misfit === undefined)
    .flatMap(({ model }) => (model === undefined ? [] : [model]));
  const [first] = models;
  if (first === undefined) return undefined;
  return { ...first, contextSize: Math.min(...models.map(({ contextSize }) => contextSize)) };
}

/** That none can be used, with each one's reason, and when the first is tried again. */
export function downError(all: readonly Member[]): CodedError {
  const reasons = all.map(({ remote: { endpoint }, state, error }) => {
    const why = error?.message ?? (state === "probing" ? "It has not answered yet." : "");
    return `${endpoint.name}: ${why}`;
  });
  const shown = reasons.slice(0, 4);
  const more = reasons.length - shown.length;
  const text = [...shown, ...(more === 0 ? [] : [`${more} more.`])].join(" ");
  const error = new CodedError("ENDPOINTS_DOWN", text);
  const pauses = all.flatMap(({ retryInMs }) => retryInMs ?? []);
  if (pauses.length > 0) error.retryAfterMs = Math.round(Math.min(...pauses));
  return error;
}

function withDetail(error: CodedError, detail: string): CodedError {
  return new CodedError("ENDPOINTS_DOWN", `${error.message.replace(/^[^.]*\. ?/, "")} ${detail}`);
}

/** Tells one state from another for who listens; what only counts down is no other state. */
export function keyOf(state: EngineState): string {
  const model = "model" in state ? [state.model.path, state.model.contextSize] : [];
  const backend = "backend" in state ? [state.backend.used, state.backend.fallbackReason] : [];
  const error = "error" in state ? state.error.message : "";
  const why = "why" in state ? state.why : "";
  return JSON.stringify([state.kind, ...model, ...backend, error, why]);
}
