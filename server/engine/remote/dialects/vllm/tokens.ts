import { z } from "zod";
import { specialTokenCandidates } from "../../../../protocol/host.ts";
import { each } from "../../each.ts";
import type { Tokenize } from "../../prompt/tokenCache.ts";
import { createSpecialText, partedAt, type SpecialText } from "../../prompt/specialText.ts";
import type { Transport } from "../../transport/transport.ts";

const tokensSchema = z.object({
  tokens: z.array(z.number().int()),
  token_strs: z.array(z.string().nullable()).nullish(),
});

/** vLLM's tokenizer, which reads special tokens in every text. */
export interface VllmTokens {
  /** Ids of special tokens that the vocabulary holds, by text. */
  readonly ids: ReadonlyMap<string, number>;
  /** The token that begins every text, where the model was trained so. */
  readonly begin: number | undefined;
  /** Which pieces of texts would be read as special tokens. */
  readonly special: SpecialText;
  /** As plain text, whatever it holds. */
  readonly tokenizePlain: Tokenize;
}

/** Asks for the special tokens of the vocabulary. */
export async function askVllmTokens(
  transport: Transport,
  model: string,
  signal: AbortSignal,
): Promise<VllmTokens> {
  const ask = (prompt: string, more: object, aborted: AbortSignal) =>
    transport.json(
      {
        path: `${transport.paths.root}/tokenize`,
        body: { model, prompt, add_special_tokens: false, ...more },
        schema: tokensSchema,
      },
      aborted,
    );
  const tokenize: Tokenize = (texts, aborted) =>
    each(texts, async (text) => (text === "" ? [] : (await ask(text, {}, aborted)).tokens));
  const special = createSpecialText(tokenize);
  const [plain, begun] = await Promise.all([
    ask("a", {}, signal),
    ask("a", { add_special_tokens: true }, signal),
  ]);
  const begin = begun.tokens.length > plain.tokens.length ? begun.tokens[0] : undefined;
  const all = await ask(specialTokenCandidates.join("\n"), { return_token_strs: true }, signal);
  const ids = new Map<string, number>();
  const wanted = new Set<string>(specialTokenCandidates);
  for (const [at, text] of all.token_strs?.entries() ?? []) {
    const id = all.tokens[at];
    if (text !== null && id !== undefined && wanted.has(text)) ids.set(text, id);
  }
  // Versions that tell no texts are asked for each.
  const singles = all.token_strs == null ? await tokenize(specialTokenCandidates, signal) : [];
  for (const [at, tokens] of singles.entries()) {
    const [text, id] = [specialTokenCandidates[at], tokens[0]];
    if (text !== undefined && id !== undefined && tokens.length === 1) ids.set(text, id);
  }
  return {
    ids,
    begin,
    special,
    async tokenizePlain(texts, aborted) {
      const found = await special.findIn(texts, aborted);
      const parts = texts.map((text) => partedAt(text, found));
      const tokens = await tokenize(parts.flat(), aborted);
      let from = 0;
      return parts.map(({ length }) => tokens.slice(from, (from += length)).flat());
    },
  };
}
