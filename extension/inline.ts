import type { Availability } from "./availability.ts";

type Answer<Item> = readonly Item[] | { readonly items: readonly Item[] } | null | undefined;

/** The editor's cancellation token. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  readonly onCancellationRequested: (listener: () => void) => { dispose(): unknown };
}

/** Asks the server; what the language client passes to its middleware. */
export type AskServer<Document, Position, Context, Token, Item> = (
  document: Document,
  position: Position,
  context: Context,
  token: Token,
) => Answer<Item> | PromiseLike<Answer<Item>>;

export interface InlineGateOptions<Document, Position, Range> {
  /** Whether suggestions are on in the document. */
  availability(document: Document): Availability;
  isServed(document: Document): boolean;
  /** The editor's trigger kinds of an explicit and of an automatic request. */
  readonly invoked: number;
  readonly automatic: number;
  /** Whether an explicit request only fetches a suggestion that was late for its automatic one. */
  takeLate(document: Document): boolean;
  emptyRange(position: Position): Range;
  /** A suggestion was handed to the editor. */
  onSuggestion(): void;
  /** The user asked by hand and there is nothing to suggest. */
  onNothing(): void;
  onError(error: unknown): void;
}

/**
 * Stands between the editor and the server. It answers at once where nothing will be shown, since
 * VS Code holds IntelliSense back until every provider has answered, and it never throws: a failed
 * request is no suggestion, the status item tells the rest.
 */
export function createInlineGate<Document, Position, Range>(
  options: InlineGateOptions<Document, Position, Range>,
) {
  return async function provide<
    Context extends { readonly triggerKind: number },
    Token extends Cancellation,
    Item extends { range?: Range },
  >(
    document: Document,
    position: Position,
    context: Context,
    token: Token,
    ask: AskServer<Document, Position, Context, Token, Item>,
  ): Promise<Item[]> {
    try {
      const byHand = context.triggerKind === options.invoked;
      const late = byHand && options.takeLate(document);
      const explicit = byHand && !late;
      if (!options.isServed(document) || !passes(options.availability(document), explicit)) {
        return [];
      }
      const asked = late ? { ...context, triggerKind: options.automatic } : context;
      const items = itemsOf(await ask(document, position, asked, token));
      for (const item of items) {
        // Without a range VS Code replaces everything up to the end of the line.
        item.range ??= options.emptyRange(position);
      }
      if (items.length > 0) {
        options.onSuggestion();
      } else if (explicit && !token.isCancellationRequested) {
        options.onNothing();
      }
      return items;
    } catch (error) {
      if (!token.isCancellationRequested) {
        options.onError(error);
      }
      return [];
    }
  };
}

/** A pause is about what appears unasked; asking by hand still works while snoozed. */
function passes(availability: Availability, explicit: boolean): boolean {
  return availability.kind === "on" || (explicit && availability.why === "snoozed");
}

function itemsOf<Item>(answer: Answer<Item>): Item[] {
  if (answer === null || answer === undefined) {
    return [];
  }
  return "items" in answer ? [...answer.items] : [...answer];
}
