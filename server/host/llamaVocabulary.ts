import type { LlamaModel, Token as LlamaToken } from "node-llama-cpp";
import {
  specialTokenCandidates,
  type HostConfig,
  type ModelDescription,
} from "../protocol/host.ts";
import type { Token } from "./model.ts";
import type { FileIdentity } from "./modelFile.ts";

/** What is known of a loaded model. */
export function describeModel(
  fileTypes: Readonly<Record<number, string>>,
  model: LlamaModel,
  config: HostConfig,
  file: FileIdentity,
  contextSize: number,
): ModelDescription {
  const { general, tokenizer } = model.fileInfo.metadata;
  const fileType = general.file_type;
  return {
    path: config.modelPath,
    fileSizeBytes: file.sizeBytes,
    architecture: general.architecture,
    name: general.name ?? "",
    tokenizerPre: tokenizer.ggml.pre ?? "",
    ...("finetune" in general ? { finetune: String(general.finetune) } : {}),
    chatTemplate: (tokenizer.chat_template ?? "").trim() !== "",
    parameters: model.fileInsights.totalParameters,
    quantization: fileType === undefined ? "" : fileTypeName(fileTypes[fileType]),
    trainContextSize: model.trainContextSize,
    contextSize,
    specialTokens: specialTokenCandidates.filter((text) => specialToken(model, text) !== undefined),
    vocabularySize: vocabularySize(model),
  };
}

/** `MOSTLY_Q4_K_M` → `Q4_K_M`. */
function fileTypeName(name: string | undefined): string {
  return (name ?? "").replace(/^(MOSTLY|ALL)_/, "");
}

/** The token of a special token's text; undefined when the vocabulary has no such token. */
export function specialToken(model: LlamaModel, text: string): Token | undefined {
  const [token, ...more] = model.tokenize(text, true);
  return token !== undefined && more.length === 0 && model.isSpecialToken(token)
    ? token
    : undefined;
}

function vocabularySize(model: LlamaModel): number {
  let size = 0;
  for (const token of model.iterateAllTokens()) size = Math.max(size, token + 1);
  return size;
}

/** Token texts, known one by one at first; all of them are read in the background, in slices. */
export function vocabularyOf(model: LlamaModel) {
  const texts: (string | undefined)[] = [];
  // Some tokenizers drop a leading space where nothing comes before.
  const before = model.tokenize("a", false);
  let complete = false;
  const restore = restoringSpaces(model);
  const textOf = (token: Token): string =>
    (texts[token] ??= restore(token, model.detokenize([token as LlamaToken], false, before)));
  const detokenize = (tokens: readonly Token[]): string => {
    let text = "";
    let parts: Token[] = [];
    for (const token of tokens) {
      const own = textOf(token);
      if (own.includes("\uFFFD")) {
        parts.push(token);
        continue;
      }
      text += model.detokenize(parts as LlamaToken[]) + own;
      parts = [];
    }
    return text + model.detokenize(parts as LlamaToken[]);
  };
  void (async () => {
    let count = 0;
    for (const token of model.iterateAllTokens()) {
      if (++count % 256 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (model.disposed) return;
      textOf(token);
    }
    for (let token = 0; token < texts.length; token++) texts[token] ??= "";
    complete = true;
  })();
  return { textOf, detokenize, vocabulary: () => (complete ? (texts as string[]) : undefined) };
}

/** Before these, llama.cpp drops a space when it makes text of StarCoder's tokens: ` !==` → `!==`. */
const swallows = /[?!.,']/g;

/** Gives a token's text the space back that was dropped, where the vocabulary shows that there was one. */
function restoringSpaces(model: LlamaModel): (token: Token, text: string) => string {
  const sample = "a !b";
  if (model.detokenize(model.tokenize(sample, false)) === sample) return (_, text) => text;
  const spells = (text: string, token: Token): boolean => {
    const tokens = model.tokenize(text, false);
    return tokens.length === 1 && tokens[0] === token;
  };
  return (token, text) => {
    const places = [...text.matchAll(swallows)].map(({ index }) => index);
    if (places.length === 0 || spells(text, token)) return text;
    const spaced = places.map((place) => `${text.slice(0, place)} ${text.slice(place)}`);
    return spaced.find((candidate) => spells(candidate, token)) ?? text;
  };
}
