import type { ChatEngine, Engine } from "./engine.ts";

/** What a review asks an engine for. */
export type ReviewEngine = Pick<Engine, "state" | "weigh"> & ChatEngine;

/**
 * The same engine, with every request under one id, which leads through all logs, and at the
 * endpoint of one document, where there are several.
 */
export function withRequestId(
  engine: ReviewEngine,
  requestId: string,
  affinity: string,
): ReviewEngine {
  const routed = { requestId, affinity };
  return {
    get state() {
      return engine.state;
    },
    weigh: (request, onWeighed, signal) =>
      engine.weigh({ ...request, ...routed }, onWeighed, signal),
    ask: (request, signal, onToken) => engine.ask({ ...request, ...routed }, signal, onToken),
    decide: (request, signal) => engine.decide({ ...request, ...routed }, signal),
  };
}
