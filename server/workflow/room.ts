import type { WorkflowEngine } from "./dependencies.ts";

/** Fewer tokens than this make no code. */
const fewestTokens = 24;
/** For marks between the parts, and a chat template's. */
const margin = 96;
/** Where the engine cannot count: characters of code in a token. */
const charactersPerToken = 3;

/** Tokens of texts together, as far as the engine can tell. */
export async function countTokens(
  engine: Pick<WorkflowEngine, "tokenize">,
  texts: readonly string[],
): Promise<number> {
  const counted = await engine.tokenize(texts);
  if (counted.kind === "done") {
    return counted.value.reduce((sum, tokens) => sum + tokens.length, 0);
  }
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / charactersPerToken);
}

/** What surroundings may take, in characters. */
export interface Share {
  readonly before: number;
  readonly after: number;
  readonly tests: number;
}

export type Fitted<Prompt> =
  | {
      readonly kind: "fits";
      readonly prompt: Prompt;
      readonly promptTokens: number;
      readonly maxTokens: number;
    }
  /** Even without surroundings it is longer than the context. */
  | { readonly kind: "tooLong"; readonly promptTokens: number }
  | { readonly kind: "outOfTokens" };

/**
 * Builds a prompt whose surroundings are as long as context and budget allow, and says how much may be
 * generated after it.
 * @param build the prompt for a share; `texts` are counted
 */
export async function fitPrompt<Prompt extends { readonly texts: readonly string[] }>(
  engine: Pick<WorkflowEngine, "tokenize">,
  options: {
    readonly contextSize: number;
    /** Tokens that may still be spent. */
    readonly tokensLeft: number;
    /** Tokens of an answer at most. */
    readonly wanted: number;
  },
  build: (share: Share) => Prompt,
): Promise<Fitted<Prompt>> {
  const { contextSize, tokensLeft } = options;
  const wanted = Math.min(options.wanted, Math.floor(contextSize / 2));
  const room = contextSize - wanted - margin;
  let characters = Math.max(0, Math.min(room, tokensLeft)) * charactersPerToken;
  for (let round = 0; ; round++) {
    const isBare = round === 3;
    const scale = isBare ? 0 : characters;
    const prompt = build({
      before: Math.floor(scale / 2),
      after: Math.floor(scale / 4),
      tests: Math.floor(scale / 4),
    });
    const promptTokens = await countTokens(engine, prompt.texts);
    const most = Math.min(room, tokensLeft - Math.min(wanted, fewestTokens * 4));
    if (promptTokens <= most || isBare) {
      const left = contextSize - promptTokens - margin;
      if (left < fewestTokens) return { kind: "tooLong", promptTokens };
      const maxTokens = Math.min(options.wanted, left, tokensLeft - promptTokens);
      if (maxTokens < fewestTokens) return { kind: "outOfTokens" };
      return { kind: "fits", prompt, promptTokens, maxTokens };
    }
    characters = Math.floor(characters * Math.max(0.1, Math.min(0.7, (most / promptTokens) * 0.9)));
  }
}
