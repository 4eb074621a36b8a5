/** A place in a document, as the editor counts: lines and characters from 0, the end outside. */
export interface Span {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface DiagnosticsFilterOptions<Uri> {
  /** Places of a document at which another tool reports an error. */
  readonly errorsOf: (uri: Uri) => readonly Span[];
}

/**
 * Keeps back what stands where another tool already reports an error, and brings it back when that
 * error goes: of one mistake, people are told once, by the tool that is certain.
 */
export interface DiagnosticsFilter<Uri, Diagnostic> {
  /** The server's diagnostics of a document, which replace those before; `next` shows them. */
  handle(
    uri: Uri,
    diagnostics: Diagnostic[],
    next: (uri: Uri, diagnostics: Diagnostic[]) => void,
  ): void;
  /** Diagnostics of these documents have changed, ours among them. */
  onDiagnosticsChanged(uris: readonly Uri[]): void;
  /** Whether another tool reports an error at the place. */
  isCovered(uri: Uri, place: Span): boolean;
  /** The server is gone, and its diagnostics with it. */
  reset(): void;
}

export function createDiagnosticsFilter<
  Uri extends { toString(): string },
  Diagnostic extends { readonly range: Span },
>({ errorsOf }: DiagnosticsFilterOptions<Uri>): DiagnosticsFilter<Uri, Diagnostic> {
  interface Entry {
    readonly all: Diagnostic[];
    readonly next: (uri: Uri, diagnostics: Diagnostic[]) => void;
    shown: Diagnostic[];
  }
  const entries = new Map<string, Entry>();

  function visible(uri: Uri, all: readonly Diagnostic[]): Diagnostic[] {
    const errors = all.length === 0 ? [] : errorsOf(uri);
    return all.filter(({ range }) => !errors.some((error) => meet(error, range)));
  }

  return {
    handle(uri, all, next) {
      const shown = visible(uri, all);
      if (all.length === 0) {
        entries.delete(uri.toString());
      } else {
        entries.set(uri.toString(), { all, next, shown });
      }
      next(uri, shown);
    },
    onDiagnosticsChanged(uris) {
      for (const uri of uris) {
        const entry = entries.get(uri.toString());
        if (entry === undefined) {
          continue;
        }
        const shown = visible(uri, entry.all);
        // What is shown changes diagnostics too: without this the two events would chase each other.
        if (!sameList(shown, entry.shown)) {
          entry.shown = shown;
          entry.next(uri, shown);
        }
      }
    },
    isCovered: (uri, place) => errorsOf(uri).some((error) => meet(error, place)),
    reset() {
      entries.clear();
    },
  };
}

function sameList<Item>(one: readonly Item[], other: readonly Item[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

/** Whether two places have something in common; an empty one meets what it touches. */
export function meet(one: Span, other: Span): boolean {
  const strict = !isEmpty(one) && !isEmpty(other);
  const [a, b] = [compare(one.start, other.end), compare(other.start, one.end)];
  return strict ? a < 0 && b < 0 : a <= 0 && b <= 0;
}

function isEmpty({ start, end }: Span): boolean {
  return compare(start, end) === 0;
}

function compare(a: Span["start"], b: Span["start"]): number {
  return a.line - b.line || a.character - b.character;
}
