import type { ChatEngine, Engine } from "./engine.ts";

/** What a review asks an engine for. */
export type ReviewEngine = Pick<Engine, "state" | "weigh"> & ChatEngine;

/** The same engine, with every request under one id: it leads through all logs. */
export function withRequestId(engine: ReviewEngine, requestId: string): ReviewEngine {
  return {
    get state() {
      return engine.state;
    },
    weigh: (request, onWeighed, signal) =>
      engine.weigh({ ...request, requestId }, onWeighed, signal),
    ask: (request, signal, onToken) => engine.ask({ ...request, requestId }, signal, onToken),
    decide: (request, signal) => engine.decide({ ...request, requestId }, signal),
  };
}
