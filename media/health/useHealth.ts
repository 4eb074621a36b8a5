import { useEffect, useReducer, useRef } from "preact/hooks";
import { statsSchema } from "../../server/protocol/stats.ts";
import { healthViewEvents, type HealthInitial } from "../../server/protocol/webview.ts";
import type { Bridge } from "../bridge/bridge.ts";
import { failureOf } from "../parts/errorBanner.tsx";
import { initialState, withHealth, withServer, type HealthState } from "./healthState.ts";
import { afterTimeout, createPoll } from "./poll.ts";

/** The extension waits 5 s for the server; it is only slow itself when the editor is. */
const healthPollMs = 2_000;
const statsPollMs = 15_000;
const requestTimeoutMs = 10_000;

type Change = (state: HealthState) => HealthState;

/** What is known of the services, kept fresh while the view is seen. */
export function useHealth(bridge: Bridge, initial: HealthInitial): HealthState {
  const [state, change] = useReducer<HealthState, Change>(
    (current, next) => next(current),
    initialState(initial),
  );
  const latest = useRef(state);
  latest.current = state;

  useEffect(() => {
    let shown = true;
    const health = createPoll({
      everyMs: healthPollMs,
      after: afterTimeout,
      async ask() {
        try {
          const answer = await bridge.request("health", {}, requestTimeoutMs);
          change((current) => withHealth(current, answer));
        } catch (thrown) {
          change((current) => ({ ...current, failure: failureOf(thrown) }));
        }
      },
    });
    const stats = createPoll({
      everyMs: statsPollMs,
      after: afterTimeout,
      async ask() {
        // Without a server each answer takes a process of its own: once is enough.
        const { server, stats: known } = latest.current;
        if (server.serverState !== "running" && known !== undefined) return;
        try {
          const answer = statsSchema.parse(await bridge.request("stats", {}, requestTimeoutMs));
          change((current) => ({ ...current, stats: answer, statsFailure: undefined }));
        } catch (thrown) {
          change((current) => ({ ...current, statsFailure: failureOf(thrown) }));
        }
      },
    });
    const follow = (): void => {
      const seen = shown && document.visibilityState === "visible";
      for (const poll of [health, stats]) {
        if (seen) poll.start();
        else poll.stop();
      }
    };
    const stopEvents = bridge.onEvent(({ name, data }) => {
      if (name === "visible") {
        shown = healthViewEvents.visible.parse(data).visible;
        follow();
      } else if (name === "server") {
        const server = healthViewEvents.server.parse(data);
        change((current) => withServer(current, server));
        health.now();
        stats.now();
      } else if (name === "status") {
        const status = healthViewEvents.status.parse(data);
        change((current) => ({ ...current, status }));
        health.now();
      }
    });
    document.addEventListener("visibilitychange", follow);
    follow();
    return () => {
      stopEvents();
      document.removeEventListener("visibilitychange", follow);
      health.stop();
      stats.stop();
    };
  }, [bridge]);

  return state;
}
