import type { EngineOutcome, GenerateRequest } from "../../engine.ts";
import type { GenerateResult, TokenNotification, Usage } from "../../../protocol/host.ts";

/** What a request has come to, whoever it came from. */
export interface Progress {
  readonly tokens: number;
  add(token: Pick<TokenNotification, "text">): void;
  /**
   * The request for what is left, for a server that has seen nothing of it: what was streamed
   * belongs to the prompt. Undefined where nothing is left. With sampling the rest is another draw
   * than it would have been, of the same odds.
   */
  rest(): GenerateRequest | undefined;
}

export function createProgress(request: GenerateRequest): Progress {
  let tokens = 0;
  let text = "";
  return {
    get tokens() {
      return tokens;
    },
    add(token) {
      tokens += 1;
      text += token.text;
    },
    rest() {
      if (tokens >= request.maxTokens) return undefined;
      // Nothing to be seen of it: the cut text may not be spelled to its end either.
      if (text === "") return request;
      return {
        ...request,
        prompt: [...request.prompt, { text: request.heal + text }],
        heal: "",
        maxTokens: request.maxTokens - tokens,
      };
    },
  };
}

/**
 * The outcome of a request as a whole, of that of the server which ended it.
 * @param earlier tokens that came from others
 * @param hedgedTokens what others did in vain
 */
export function asWhole(
  outcome: EngineOutcome<GenerateResult>,
  earlier: number,
  hedgedTokens: number,
): EngineOutcome<GenerateResult> {
  const whole = (usage: Usage): Usage => ({
    ...usage,
    generatedTokens: usage.generatedTokens + earlier,
    ...(hedgedTokens === 0 ? {} : { hedgedTokens }),
  });
  if (outcome.kind === "done") {
    const { value } = outcome;
    return { kind: "done", value: { ...value, usage: whole(value.usage) } };
  }
  if (outcome.kind === "failed" || outcome.usage === undefined) return outcome;
  return { kind: "cancelled", usage: whole(outcome.usage) };
}
