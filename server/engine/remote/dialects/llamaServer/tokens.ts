import { z } from "zod";
import { specialTokenCandidates } from "../../../../protocol/host.ts";
import { each } from "../../each.ts";
import type { Transport } from "../../transport/transport.ts";

const tokensSchema = z.object({ tokens: z.array(z.number().int()) });
const piecesSchema = z.object({
  tokens: z.array(
    z.object({ id: z.number().int(), piece: z.union([z.string(), z.array(z.number())]) }),
  ),
});

/** What of a vocabulary a prompt needs. */
export interface SpecialTokens {
  /** Ids of those of `specialTokenCandidates` that the vocabulary holds as one token, by text. */
  readonly ids: ReadonlyMap<string, number>;
  /** The token that begins every text, where the model was trained so. */
  readonly begin: number | undefined;
}

/** Token ids of texts as plain text: what looks like a special token in them stays text. */
export async function tokenizePlain(
  transport: Transport,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<number[][]> {
  return each(texts, async (content) => {
    if (content === "") return [];
    const body = { content, add_special: false, parse_special: false };
    const path = `${transport.paths.root}/tokenize`;
    return (await transport.json({ path, body, schema: tokensSchema }, signal)).tokens;
  });
}

/** Asks for the special tokens of the vocabulary, in two requests. */
export async function askSpecialTokens(
  transport: Transport,
  signal: AbortSignal,
): Promise<SpecialTokens> {
  const path = `${transport.paths.root}/tokenize`;
  const all = specialTokenCandidates.join("\n");
  const [pieces, begun] = await Promise.all([
    transport.json(
      { path, body: { content: all, with_pieces: true }, schema: piecesSchema },
      signal,
    ),
    // The beginning of a text is a token more than the text itself.
    transport.json(
      { path, body: { content: "", add_special: true }, schema: tokensSchema },
      signal,
    ),
  ]);
  const wanted = new Set<string>(specialTokenCandidates);
  const ids = new Map<string, number>();
  for (const { id, piece } of pieces.tokens) {
    if (typeof piece === "string" && wanted.has(piece)) ids.set(piece, id);
  }
  return { ids, begin: begun.tokens[0] };
}
