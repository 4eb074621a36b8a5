import type { Engine } from "../engine/engine.ts";
import type { GenerateResult, Sampling } from "../protocol/host.ts";
import type { CodedError } from "../protocol/errors.ts";
import type { RawPrompt } from "./rawPrompt.ts";
import type { Work } from "./work.ts";

export interface TextRequest {
  /** Makes the prompt; asked again where the first one did not fit. */
  readonly prompt: () => RawPrompt;
  readonly maxTokens: number;
  readonly sampling: Sampling;
  readonly stopStrings: readonly string[];
  /** True: the text so far is enough. */
  readonly isEnough?: (text: string) => boolean;
}

export interface WrittenToken {
  readonly text: string;
  readonly logProbability: number;
}

export interface WrittenText {
  readonly text: string;
  readonly tokens: readonly WrittenToken[];
  readonly finish: "stop" | "length";
  /** The stop string that ended it, where one did. */
  readonly stopString?: string;
  readonly usage: GenerateResult["usage"] | undefined;
}

/** A prompt that does not fit is made shorter so many times. */
const mostTries = 3;

/** Has the model write; rejects with why it did not. What was written until then went to `onToken`. */
export async function generateText(
  engine: Pick<Engine, "generate">,
  request: TextRequest,
  work: Work,
  onToken: (token: WrittenToken) => void = () => undefined,
): Promise<WrittenText> {
  const tokens: WrittenToken[] = [];
  const so = { text: "", isEnough: false };
  const abort = new AbortController();
  const onAbort = (): void => abort.abort();
  work.signal.addEventListener("abort", onAbort, { once: true });
  if (work.signal.aborted) abort.abort();
  try {
    for (let left = mostTries; ; left--) {
      const raw = request.prompt();
      const outcome = await engine.generate(
        {
          requestId: work.requestId,
          prompt: [...raw.prompt],
          heal: raw.heal,
          priority: "background",
          maxTokens: request.maxTokens,
          sampling: request.sampling,
          stopTokens: [...raw.stopTokens],
          stopStrings: [...request.stopStrings],
        },
        (token) => {
          if (so.isEnough) return;
          tokens.push(token);
          so.text += token.text;
          onToken(token);
          if (request.isEnough?.(so.text) !== true) return;
          so.isEnough = true;
          abort.abort();
        },
        abort.signal,
      );
      if (outcome.kind === "failed" && isOverflow(outcome.error) && left > 1 && raw.overflowed) {
        raw.overflowed();
        continue;
      }
      if (outcome.kind === "cancelled" && so.isEnough) {
        work.spent(outcome.usage);
        return { text: so.text, tokens, finish: "length", usage: outcome.usage };
      }
      const { finish, usage, stopString } = work.valueOf(outcome);
      work.spent(usage);
      raw.observe?.(usage);
      if (finish === "cancelled" && !so.isEnough) throw work.cancelled();
      const ended = finish === "stop" ? "stop" : "length";
      const stopped = stopString === undefined ? {} : { stopString };
      return { text: so.text, tokens, finish: ended, ...stopped, usage };
    }
  } finally {
    work.signal.removeEventListener("abort", onAbort);
  }
}

function isOverflow({ code }: CodedError): boolean {
  return code === "CONTEXT_OVERFLOW";
}
