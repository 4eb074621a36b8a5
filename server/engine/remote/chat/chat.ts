import type { EndpointKind } from "../../../protocol/endpoints.ts";
import type { ChatEngine } from "../../engine.ts";
import { settle } from "../settle.ts";
import type { Transport } from "../transport/transport.ts";
import { createStreamMeter } from "../usageMeter.ts";
import { ask } from "./ask.ts";
import { decide } from "./decide.ts";

export interface ChatOptions {
  readonly kind: EndpointKind;
  /** What the server calls the model. */
  readonly model: string;
  /** Special tokens of the model; messages never yield any. */
  readonly specialTokens: readonly string[];
  readonly transport: Pick<Transport, "paths" | "json" | "events">;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

/**
 * Asks an instruction-tuned model in words by `/v1/chat/completions`, with the server's own chat
 * template. `decide` reads the probabilities of the first tokens of an answer and fails with
 * LOGPROBS_UNAVAILABLE where the server tells none, or would have to go on with an answer and cannot.
 */
export function createChat(options: ChatOptions): ChatEngine {
  return {
    ask(request, signal, onToken) {
      const meter = createStreamMeter(options.now);
      let isBegun = false;
      const run = () => {
        isBegun = true;
        return ask(options, request, meter, signal, onToken);
      };
      return settle(signal, run, () => (isBegun ? meter.usage() : undefined));
    },
    decide: (request, signal) => settle(signal, () => decide(options, request, signal)),
  };
}
