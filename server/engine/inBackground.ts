import type { ChatEngine, Engine } from "./engine.ts";

/**
 * The same engine, whose requests are background work: whoever types in an editor goes first,
 * between two tokens if need be.
 */
export function inBackground<Wrapped extends Engine & ChatEngine>(engine: Wrapped): Wrapped {
  const priority = "background";
  const calls: Pick<
    Engine & ChatEngine,
    "generate" | "warm" | "score" | "weigh" | "ask" | "decide"
  > = {
    generate: (request, ...rest) => engine.generate({ ...request, priority }, ...rest),
    warm: (request, ...rest) => engine.warm({ ...request, priority }, ...rest),
    score: (request, ...rest) => engine.score({ ...request, priority }, ...rest),
    weigh: (request, ...rest) => engine.weigh({ ...request, priority }, ...rest),
    ask: (request, ...rest) => engine.ask({ ...request, priority }, ...rest),
    decide: (request, ...rest) => engine.decide({ ...request, priority }, ...rest),
  };
  // Everything else, getters included, stays that of the engine.
  return Object.assign(Object.create(engine) as Wrapped, calls);
}
