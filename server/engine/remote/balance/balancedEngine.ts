import type { EndpointStatus } from "../../../protocol/endpoints.ts";
import { CodedError } from "../../../protocol/errors.ts";
import type { ChatEngine, Engine } from "../../engine.ts";
import type { RemoteEngine, RemoteEngineOptions } from "../types.ts";
import { createCalls } from "./calls.ts";
import { createGroup } from "./group.ts";

export interface BalancedEngineOptions extends Pick<
  RemoteEngineOptions,
  "clock" | "random" | "log" | "timeoutMs"
> {
  /** They are started and disposed by the balanced engine. */
  readonly members: readonly RemoteEngine[];
  /** Answers while no member can; started when it comes to that, and not disposed. */
  readonly fallback?: Engine & ChatEngine;
}

/** Several endpoints as one engine. */
export interface BalancedEngine extends Engine, ChatEngine {
  status(): readonly EndpointStatus[];
  /** Told whenever the status of one has changed. */
  onStatus(listener: () => void): () => void;
  /**
   * Puts other endpoints in place; those that stay keep their connections and what is known of
   * them, those that go are disposed once nothing is asked of them any more.
   */
  setMembers(members: readonly RemoteEngine[]): void;
  setFallback(fallback: (Engine & ChatEngine) | undefined): void;
}

/** Nothing is asked of an endpoint before `start`, or the first request. */
export function createBalancedEngine(options: BalancedEngineOptions): BalancedEngine {
  const group = createGroup(options);
  const calls = createCalls(group);
  return {
    get state() {
      return group.state;
    },
    onState: (listener) => group.onState(listener),
    start: (reason) => group.start(reason),
    async restart() {
      await group.restart();
    },
    ...calls,
    health() {
      const local = group.fallback;
      if (group.members.up.length === 0 && local !== undefined && local.state.kind !== "stopped") {
        return local.health();
      }
      const detail = "Remote engines are used; there is no host of them here.";
      return Promise.resolve({
        kind: "failed",
        error: new CodedError("MODEL_UNAVAILABLE", detail),
      });
    },
    status: () => group.status(),
    onStatus: (listener) => group.onStatus(listener),
    setMembers: (members) => group.setMembers(members),
    setFallback: (fallback) => group.setFallback(fallback),
    dispose: () => group.dispose(),
  };
}
