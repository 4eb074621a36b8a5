import type { ModelDescription, Usage } from "../../protocol/host.ts";
import type { Place } from "../place.ts";
import type {
  CompletionRequest,
  CompletionSettings,
  ContextSnippet,
  ContextSource,
} from "../types.ts";
import { assemble, type AssembledPrompt } from "./assemble.ts";
import { createBudget, type Budget, type PromptLimits } from "./budget.ts";
import type { Family } from "./families.ts";
import { gatherSnippets } from "./snippets.ts";
import { isAging, openWindow, standsAt, type LocatedWindow, type StickyWindow } from "./window.ts";

/** A prompt for a place, and the window it came from. */
export interface PreparedPrompt extends AssembledPrompt {
  readonly located: LocatedWindow;
  /** Whether a window that was already open still held. */
  readonly kept: boolean;
  readonly limits: PromptLimits;
}

/** Makes prompts for one loaded model and remembers the windows of each document. */
export interface Prompter {
  prepare(place: Place, request: CompletionRequest, settings: CompletionSettings): PreparedPrompt;
  /** What `prepare` would make now; remembers nothing. */
  preview(place: Place, request: CompletionRequest, settings: CompletionSettings): PreparedPrompt;
  /**
   * The prompt of a window that should follow the present one, where that is getting old, and what
   * puts it into use once it is evaluated.
   */
  successor(
    place: Place,
    request: CompletionRequest,
    settings: CompletionSettings,
  ): { readonly prompt: AssembledPrompt; adopt(): void } | undefined;
  observe(usage: Usage, characters: number): void;
  /** The engine refused a prompt of so many characters; the next one is much shorter. */
  overflowed(uri: string, characters: number): void;
  readonly speed: Budget["speed"];
  close(uri: string): void;
}

/** Windows per document: as many as an engine is likely to hold sequences for. */
const mostWindows = 4;

/** Creates the prompter of a model. */
export function createPrompter(options: {
  readonly model: ModelDescription;
  readonly family: Family;
  readonly usesGpu: boolean;
  readonly contextSources: readonly ContextSource[];
  readonly repositoryName: (uri: string) => string;
}): Prompter {
  const { family, contextSources } = options;
  const { anchor } = family;
  const budget = createBudget(options.model, options.usesGpu);
  const withSnippets = family.repository !== undefined && contextSources.length > 0;
  const documents = new Map<string, StickyWindow[]>();

  function limitsFor(settings: CompletionSettings): PromptLimits {
    return budget.limits({
      contextTokens: settings.contextTokens,
      maxTokens: settings.maxTokens,
      withSnippets,
    });
  }

  function windowsOf(uri: string): StickyWindow[] {
    const windows = documents.get(uri) ?? [];
    documents.set(uri, windows);
    return windows;
  }

  function promptOf(located: LocatedWindow, place: Place): AssembledPrompt {
    return assemble(family, located, place.path, options.repositoryName(place.uri));
  }

  function open(
    place: Place,
    request: CompletionRequest,
    limits: PromptLimits,
    previous: readonly StickyWindow[],
  ): { window: StickyWindow; located: LocatedWindow } {
    const snippets = (most: number): readonly ContextSnippet[] =>
      gatherSnippets(contextSources, request, most);
    const window = openWindow(place, anchor, limits, previous, snippets);
    const located: LocatedWindow = {
      head: window.head,
      middle: place.before.slice(place.before.length - window.lastLength + window.head.length),
      suffix: window.suffix,
      snippets: window.snippets,
    };
    return { window, located };
  }

  /** The first window that still holds, else a new one. */
  function choose(
    place: Place,
    request: CompletionRequest,
    settings: CompletionSettings,
    windows: readonly StickyWindow[],
  ): { readonly window: StickyWindow; readonly prepared: PreparedPrompt } {
    const limits = limitsFor(settings);
    for (const window of windows) {
      const located = standsAt(window, place, anchor, limits);
      if (located === undefined) continue;
      const prepared = { ...promptOf(located, place), located, kept: true, limits };
      return { window, prepared };
    }
    const { window, located } = open(place, request, limits, windows);
    return { window, prepared: { ...promptOf(located, place), located, kept: false, limits } };
  }

  return {
    prepare(place, request, settings) {
      const windows = windowsOf(place.uri);
      const { window, prepared } = choose(place, request, settings, windows);
      if (prepared.kept) windows.splice(windows.indexOf(window), 1);
      windows.unshift(window);
      windows.length = Math.min(windows.length, mostWindows);
      return prepared;
    },
    preview: (place, request, settings) =>
      choose(place, request, settings, documents.get(place.uri) ?? []).prepared,
    successor(place, request, settings) {
      const windows = windowsOf(place.uri);
      const limits = limitsFor(settings);
      const [current] = windows;
      const located = current && standsAt(current, place, anchor, limits);
      if (located === undefined || !isAging(located, place, anchor, limits)) return undefined;
      const next = open(place, request, limits, windows);
      const prompt = promptOf(next.located, place);
      return {
        prompt,
        adopt() {
          windows.unshift(next.window);
          windows.length = Math.min(windows.length, mostWindows);
        },
      };
    },
    observe: (usage, characters) => budget.observe(usage, characters),
    overflowed(uri, characters) {
      budget.overflowed(characters);
      documents.delete(uri);
    },
    get speed() {
      return budget.speed;
    },
    close: (uri) => void documents.delete(uri),
  };
}
