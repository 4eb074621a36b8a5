import { detectFamily } from "../completion/prompt/families.ts";
import { cutForHealing } from "../completion/prompt/heal.ts";
import { createPrompter, type Prompter } from "../completion/prompt/prompter.ts";
import { placeOf } from "../completion/place.ts";
import type { CompletionSettings, ContextSnippet } from "../completion/types.ts";
import type { EngineState } from "../engine/engine.ts";
import { CodedError } from "../protocol/errors.ts";
import type { PromptPart, Usage } from "../protocol/host.ts";

/** A prompt as the engine takes it. User text is always text: it never becomes a special token. */
export interface RawPrompt {
  readonly prompt: readonly PromptPart[];
  readonly heal: string;
  readonly stopTokens: readonly string[];
  /** Tells what it cost, so that the next one is measured better. */
  observe?: (usage: Usage) => void;
  /** It did not fit: the next one for the same place is shorter. */
  overflowed?: () => void;
}

/** Text around a place, of a client that has no document. */
export interface Gap {
  readonly before: string;
  readonly after: string;
  readonly path: string;
  readonly languageId: string;
  /** Other files, the most telling last. */
  readonly extra: readonly { readonly path: string; readonly text: string }[];
  readonly maxTokens: number;
}

type Ready = Extract<EngineState, { kind: "ready" }>;

/** Where the windows of all gaps are kept: what a client asks next often continues the last. */
const gapUri = "starcoder-api:/gap";

/** Makes prompts for texts without a document. */
export interface RawPrompts {
  /** Goes on with a text. */
  plain(state: Ready, text: string): RawPrompt;
  /**
   * Fills a gap, with as much of the text around it as fits.
   * @throws CodedError `MODEL_NOT_FIM`
   */
  fill(state: Ready, gap: Gap): RawPrompt;
}

/** @param settings those of suggestions, by which a prompt's length is chosen */
export function createRawPrompts(settings: () => CompletionSettings): RawPrompts {
  let extra: readonly ContextSnippet[] = [];
  let key = "";
  let prompter: Prompter | undefined;

  function prompterFor({ model, backend }: Ready) {
    const family = detectFamily(model);
    if (family === undefined) throw new CodedError("MODEL_NOT_FIM", model.name);
    const current = `${model.path}\n${model.fileSizeBytes}\n${model.contextSize}\n${backend.used}`;
    if (prompter === undefined || key !== current) {
      prompter = createPrompter({
        ...{ model, family },
        usesGpu: backend.used !== "cpu",
        contextSources: [{ snippets: () => extra }],
        repositoryName: () => "project",
      });
      key = current;
    }
    return { prompter, family };
  }

  return {
    plain({ model }, text) {
      const { kept, heal } = cutForHealing(text);
      const stopTokens = detectFamily(model)?.stopTokens ?? [];
      // A prompt must not be empty.
      return kept === ""
        ? { prompt: [{ text }], heal: "", stopTokens }
        : { prompt: [{ text: kept }], heal, stopTokens };
    },
    fill(state, gap) {
      const { family, prompter: used } = prompterFor(state);
      const document = {
        uri: gapUri,
        path: gap.path,
        languageId: gap.languageId,
        version: 1,
        text: gap.before + gap.after,
      };
      const offset = gap.before.length;
      extra = gap.extra.map(({ path, text }, index) => ({
        ...{ path, text },
        score: (index + 1) / gap.extra.length,
      }));
      const request = { document, offset, trigger: "invoked", requestId: "" } as const;
      const maxTokens = Math.min(gap.maxTokens, state.model.contextSize >> 1);
      const place = placeOf(document, offset);
      const prepared = used.prepare(place, request, { ...settings(), maxTokens });
      const { prompt, heal, characters } = prepared;
      return {
        ...{ prompt, heal, stopTokens: family.stopTokens },
        observe: (usage) => used.observe(usage, characters),
        overflowed: () => used.overflowed(gapUri, characters),
      };
    },
  };
}
