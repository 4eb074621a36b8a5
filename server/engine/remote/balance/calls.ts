import type { ChatEngine, Engine } from "../../engine.ts";
import { callAnywhere } from "./callAnywhere.ts";
import { generateAnywhere } from "./generate.ts";
import { affinityOf } from "./members.ts";
import type { Routing } from "./routing.ts";

/** The requests of an engine, each to the endpoint that suits it. */
export function createCalls(
  routing: Routing,
): Pick<Engine, "generate" | "warm" | "score" | "weigh" | "tokenize"> & ChatEngine {
  return {
    generate: (request, onToken, signal, onLateCost) =>
      generateAnywhere(routing, request, onToken, signal, onLateCost),
    warm: (request, signal) =>
      callAnywhere(routing, {
        affinity: affinityOf(request.affinity, request.prompt),
        prompt: request.prompt,
        signal,
        ask: (engine, inner) => engine.warm(request, inner),
        cost: (usage) => usage,
      }),
    score: (request, signal) =>
      callAnywhere(routing, {
        affinity: affinityOf(request.affinity, request.prefix),
        prompt: request.prefix,
        signal,
        ask: (engine, inner) => engine.score(request, inner),
        cost: ({ usage }) => usage,
      }),
    weigh(request, onWeighed, signal) {
      const told = new Set<number>();
      return callAnywhere(routing, {
        affinity: affinityOf(request.affinity, [...request.prefix, { text: request.text }]),
        prompt: request.prefix,
        signal,
        cost: ({ usage }) => usage,
        ask: (engine, inner) =>
          engine.weigh(
            request,
            (weighed) => {
              // Another server begins anew: what one of them has told is not told again.
              if (told.has(weighed.alternative)) return;
              told.add(weighed.alternative);
              onWeighed(weighed);
            },
            inner,
          ),
      });
    },
    ask(request, signal, onToken) {
      let told = 0;
      return callAnywhere(routing, {
        affinity: affinityOf(request.affinity, textOf(request.messages)),
        signal,
        cost: ({ usage }) => usage,
        ask(engine, inner) {
          let seen = 0;
          const tell: typeof onToken = (token) => {
            seen += 1;
            // As with alternatives. The answer as a whole is what counts.
            if (seen <= told) return;
            told = seen;
            onToken?.(token);
          };
          return engine.ask(request, inner, onToken && tell);
        },
      });
    },
    decide: (request, signal) =>
      callAnywhere(routing, {
        affinity: affinityOf(request.affinity, textOf(request.messages)),
        signal,
        ask: (engine, inner) => engine.decide(request, inner),
        cost: ({ usage }) => usage,
      }),
    tokenize: (texts) =>
      callAnywhere(routing, {
        affinity: affinityOf(undefined, texts[0] ?? ""),
        signal: new AbortController().signal,
        ask: (engine) => engine.tokenize(texts),
      }),
  };
}

function textOf(messages: readonly { readonly text: string }[]): string {
  return messages.map(({ text }) => text).join("\n");
}
