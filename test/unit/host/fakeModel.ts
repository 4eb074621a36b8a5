import type {
  GrammarState,
  HostModel,
  ModelSequence,
  NextTokens,
  Token,
} from "../../../server/host/model.ts";

/**
 * A model whose vocabulary is given and which, after each text, gives the logits that `predict`
 * says. Special tokens are the ones written in angle brackets.
 */
export interface FakeModel extends HostModel {
  /** Every call that reached the engine: `append 3`, `next 1`, `score 2`. */
  readonly calls: string[];
  readonly threadKinds: string[];
}

export interface FakeModelOptions {
  readonly vocabulary: readonly string[];
  /** Logits by token text, after this text; what is not named gets -10. */
  readonly predict?: (textBefore: string) => Readonly<Record<string, number>>;
  readonly contextSize?: number;
  readonly sequences?: number;
  readonly vocabularyKnown?: boolean;
  /** Cannot erase the end of its cache alone, as recurrent models. */
  readonly erasesAll?: boolean;
  /** Which texts the grammar allows as the beginning of an answer; all where left out. */
  readonly allows?: (text: string) => boolean;
  /** Called at each evaluation. */
  readonly onEvaluate?: (tokens: number) => void;
}

export function fakeModel(options: FakeModelOptions): FakeModel {
  const { vocabulary, contextSize = 1000 } = options;
  const predict = options.predict ?? ((): Record<string, number> => ({}));
  const calls: string[] = [];
  const threadKinds: string[] = [];
  const isSpecial = (text: string): boolean => /^<.+>$/.test(text);
  const textOf = (token: Token): string => {
    const text = vocabulary[token] ?? "";
    return isSpecial(text) ? "" : text;
  };

  function look(cached: readonly Token[], wanted: readonly Token[] | undefined, top = 0) {
    const named = predict(cached.map((token) => vocabulary[token] ?? "").join(""));
    const logits = vocabulary.map((text, token) => ({ token, logit: named[text] ?? -10 }));
    const ranked = [...logits].sort((a, b) => b.logit - a.logit);
    const logNormalizer = Math.log(logits.reduce((sum, { logit }) => sum + Math.exp(logit), 0));
    const [likeliest = { token: 0, logit: 0 }] = ranked;
    const next: NextTokens = {
      likeliest: likeliest.token,
      likeliestLogProbability: likeliest.logit - logNormalizer,
      candidates: ranked.filter(
        ({ token }, rank) => rank < top || (wanted !== undefined && wanted.includes(token)),
      ),
      logNormalizer,
    };
    return next;
  }

  /** A grammar is what was chosen within it so far. */
  interface FakeGrammar extends GrammarState {
    text: string;
  }
  const fakeGrammar = (text: string): FakeGrammar => ({ text, clone: () => fakeGrammar(text) });

  function sequence(): ModelSequence {
    let cached: Token[] = [];
    const add = (name: string, tokens: readonly Token[]): void => {
      calls.push(`${name} ${tokens.length}`);
      options.onEvaluate?.(tokens.length);
      cached.push(...tokens);
      if (cached.length >= contextSize) throw new Error("The engine shifted the context.");
    };
    const sharedPrefix = (tokens: readonly Token[]): number => {
      const different = cached.findIndex((token, index) => token !== tokens[index]);
      return different < 0 ? cached.length : different;
    };
    return {
      get length() {
        return cached.length;
      },
      sharedPrefix,
      keepPrefix(tokens) {
        const kept = sharedPrefix(tokens);
        cached = options.erasesAll && kept < cached.length ? [] : cached.slice(0, kept);
        return Promise.resolve();
      },
      append(tokens) {
        add("append", tokens);
        return Promise.resolve();
      },
      async next(tokens, query) {
        add("next", tokens);
        // As a real evaluation does: messages are received meanwhile.
        await new Promise((resolve) => setImmediate(resolve));
        return look(cached, query.tokens, query.top);
      },
      async nextAllowed(tokens, grammar) {
        add("allowed", tokens);
        await new Promise((resolve) => setImmediate(resolve));
        const state = grammar as FakeGrammar;
        const allows = options.allows ?? (() => true);
        const chosen = look(cached, undefined, vocabulary.length).candidates.find(
          ({ token }) => textOf(token) !== "" && allows(state.text + textOf(token)),
        );
        if (chosen === undefined) throw new Error("The grammar allows no token.");
        state.text += textOf(chosen.token);
        return chosen.token;
      },
      score(tokens, wanted) {
        const looks = tokens.map((token, index) => {
          cached.push(token);
          return look(cached, wanted[index]);
        });
        calls.push(`score ${tokens.length}`);
        return Promise.resolve(looks);
      },
    };
  }

  return {
    calls,
    threadKinds,
    description: {
      path: "model.gguf",
      fileSizeBytes: 1,
      architecture: "fake",
      name: "fake",
      tokenizerPre: "fake",
      parameters: 1,
      quantization: "F32",
      trainContextSize: contextSize,
      contextSize,
      specialTokens: vocabulary.filter(isSpecial),
      vocabularySize: vocabulary.length,
    },
    backend: { requested: "cpu", used: "cpu" },
    modelBytes: 1,
    threads: { decode: 1, prefill: 1 },
    useThreads: (kind) => threadKinds.push(kind),
    sequences: Array.from({ length: options.sequences ?? 4 }, sequence),
    batchSize: 512,
    beginToken: undefined,
    tokenize(text) {
      const tokens: Token[] = [];
      for (let rest = text; rest !== "";) {
        const [token = -1] = vocabulary
          .map((_, index) => index)
          .filter((index) => textOf(index) !== "" && rest.startsWith(textOf(index)))
          .sort((a, b) => textOf(b).length - textOf(a).length);
        if (token < 0) throw new Error(`The fake vocabulary cannot spell ${rest}.`);
        tokens.push(token);
        rest = rest.slice(textOf(token).length);
      }
      return tokens;
    },
    chat(messages, answerPrefix) {
      const said = messages.flatMap(({ role, text }) => [
        vocabulary.indexOf(`<${role}>`),
        ...this.tokenize(text),
      ]);
      return [...said, vocabulary.indexOf("<answer>"), ...this.tokenize(answerPrefix)];
    },
    grammar: () => Promise.resolve(fakeGrammar("")),
    special(text) {
      const token = vocabulary.indexOf(text);
      return token >= 0 && isSpecial(text) ? token : undefined;
    },
    textOf,
    detokenize: (tokens) => tokens.map(textOf).join(""),
    isEnd: (token) => vocabulary[token] === "<end>",
    vocabulary: options.vocabularyKnown === false ? undefined : vocabulary.map((_, i) => textOf(i)),
    dispose: () => Promise.resolve(),
  };
}
