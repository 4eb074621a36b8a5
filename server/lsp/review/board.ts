import type { PublishDiagnosticsParams } from "vscode-languageserver/node";
import type { Clock } from "../../engine/clock.ts";
import type { CodedErrorData } from "../../protocol/errors.ts";
import type { ReviewFinding, ReviewResult, ReviewState } from "../../protocol/review.ts";
import type { Settings } from "../../protocol/settings.ts";
import { isLanguageReviewed } from "../../protocol/settings.ts";
import { linesOf } from "../../review/lines.ts";
import { recommend } from "../../review/recommend.ts";
import { readSuppressions, type Suppressions } from "../../review/suppress.ts";
import type { ReviewDocument, ReviewProgress } from "../../review/types.ts";
import { merge, track, withPartial, type Tracked } from "./tracked.ts";

/** Edits that follow each other at once are answered together. */
const republishMs = 20;

/** A document as the client has it now. */
export interface BoardDocument {
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}

export interface BoardOptions {
  readonly clock: Clock;
  readonly settings: () => Settings;
  /** Undefined for a document that is not open or holds no text. */
  readonly documentOf: (uri: string) => BoardDocument | undefined;
  readonly toDiagnostic: (
    uri: string,
    finding: ReviewFinding,
  ) => PublishDiagnosticsParams["diagnostics"][number];
  readonly publish: (params: PublishDiagnosticsParams) => void;
  readonly sendState: (state: ReviewState) => void;
}

/** One review of a document, as it comes in. A round that a newer one replaced does nothing. */
export interface Round {
  progress(progress: ReviewProgress): void;
  finish(result: ReviewResult): void;
  /** It was cancelled: what was known before stays. */
  abandon(): void;
}

/** What is known of the open documents and drawn in the editor. */
export interface Board {
  begin(document: ReviewDocument): Round;
  /** A review is wanted but cannot begin yet. */
  wait(uri: string): void;
  /** No review goes on or is waited for any more. */
  abandon(uri: string): void;
  /** A review could not begin. */
  fail(uri: string, error: CodedErrorData): void;
  /** All findings, where they stand now, in the result of the last review; null: never reviewed. */
  snapshot(uri: string): ReviewResult | null;
  /** The findings that are drawn, where they stand now. */
  shown(uri: string): readonly ReviewFinding[];
  /** The document was edited. */
  changed(uri: string): void;
  /** Settings changed: what they turn off is taken away. */
  refresh(): void;
  dismiss(uri: string, fingerprint: string): void;
  restoreDismissed(): void;
  /** Takes away what is drawn of a document that is not open any more; `move` can still carry it on. */
  close(uri: string): void;
  /** Forgets what is known of a document and takes it away. */
  clear(uri: string): void;
  clearAll(): void;
  /** What is known of a document belongs to another name from now on. */
  move(from: string, to: string): void;
  dispose(): void;
}

interface Entry {
  /** Of the last review that came to something. */
  known?: { readonly result: ReviewResult; readonly tracked: Tracked };
  round?: { readonly done: number; readonly total: number; readonly partial: Tracked };
  /** What was sent last, to send only what changed. */
  sentDiagnostics?: string;
  sentState?: string;
}

const nothing = track("", []);

export function createBoard(options: BoardOptions): Board {
  const { clock, settings, documentOf } = options;
  const entries = new Map<string, Entry>();
  /** Fingerprints by document. */
  const dismissed = new Map<string, ReadonlySet<string>>();
  const changedUris = new Set<string>();
  let cancelRepublish: (() => void) | undefined;

  function entryOf(uri: string): Entry {
    const entry = entries.get(uri) ?? {};
    entries.set(uri, entry);
    return entry;
  }

  /** The findings of a review as they stand now, less what was dismissed or turned off since. */
  function present(uri: string, tracked: Tracked): readonly ReviewFinding[] {
    const document = documentOf(uri);
    if (document === undefined || !isLanguageReviewed(settings(), document.languageId)) return [];
    const { "review.rules": rules, "review.minConfidence": least } = settings();
    const suppressions = suppressionsIn(document);
    return tracked
      .at(document.text)
      .filter(
        ({ rule, fingerprint, range }) =>
          rules[rule] !== false &&
          dismissed.get(uri)?.has(fingerprint) !== true &&
          suppressions?.isSuppressed(rule, range) !== true,
      )
      .map((finding) => (least < 0 ? finding : { ...finding, shown: finding.confidence >= least }));
  }

  function addDismissed(uri: string, fingerprints: Iterable<string>): void {
    dismissed.set(uri, new Set([...(dismissed.get(uri) ?? []), ...fingerprints]));
  }

  function all(uri: string): readonly ReviewFinding[] {
    const entry = entries.get(uri);
    const earlier = present(uri, entry?.known?.tracked ?? nothing);
    return withPartial(earlier, present(uri, entry?.round?.partial ?? nothing));
  }

  function publish(uri: string, always = false): void {
    const entry = entries.get(uri);
    const document = documentOf(uri);
    if (entry === undefined) return;
    const diagnostics = all(uri)
      .filter(({ shown }) => shown)
      .map((finding) => options.toDiagnostic(uri, finding));
    const text = JSON.stringify(diagnostics);
    if (!always && text === (entry.sentDiagnostics ?? "[]")) return;
    entry.sentDiagnostics = text;
    options.publish({
      uri,
      diagnostics,
      ...(document === undefined ? {} : { version: document.version }),
    });
  }

  function tell(uri: string): void {
    const entry = entries.get(uri);
    if (entry === undefined) return;
    const state = stateOf(uri, entry, all(uri));
    const text = JSON.stringify(state);
    if (text === entry.sentState) return;
    entry.sentState = text;
    options.sendState(state);
  }

  function show(uri: string, always = false): void {
    publish(uri, always);
    tell(uri);
  }

  function take(uri: string, entry: Entry, document: ReviewDocument, result: ReviewResult): void {
    delete entry.round;
    const { known } = entry;
    const earlier = known?.tracked.at(document.text) ?? [];
    const isUnchanged = result.skipped?.reason === "unchanged";
    if (isUnchanged && known !== undefined && known.result.scoreError === undefined) {
      // Nothing was looked at: what was said before still holds, unless that was a failure.
    } else {
      // A review that failed half way tells of the lines it looked at; the others keep what they had.
      const reviewed = result.reviewed ?? (result.scoreError === undefined ? undefined : []);
      const findings = merge(earlier, result.findings, reviewed);
      entry.known = { result, tracked: track(document.text, findings) };
    }
    show(uri, true);
  }

  function close(uri: string): void {
    const entry = entries.get(uri);
    if (entry === undefined) return;
    const { sentDiagnostics = "[]", sentState } = entry;
    entries.set(uri, entry.known === undefined ? {} : { known: entry.known });
    changedUris.delete(uri);
    if (sentDiagnostics !== "[]") options.publish({ uri, diagnostics: [] });
    if (sentState === undefined) return;
    options.sendState({ uri, state: "cleared", shown: 0, hidden: 0, done: 0, total: 0 });
  }

  function clear(uri: string): void {
    close(uri);
    entries.delete(uri);
  }

  function republish(): void {
    cancelRepublish = undefined;
    const uris = [...changedUris];
    changedUris.clear();
    for (const uri of uris) show(uri);
  }

  return {
    begin(document) {
      const { uri } = document;
      const entry = entryOf(uri);
      const round = { done: 0, total: 0, partial: nothing };
      let mine: NonNullable<Entry["round"]> = round;
      entry.round = mine;
      show(uri);
      const isCurrent = () => entries.get(uri) === entry && entry.round === mine;
      return {
        progress({ done, total, findings }) {
          if (!isCurrent()) return;
          mine = { done, total, partial: track(document.text, findings) };
          entry.round = mine;
          show(uri);
        },
        finish(result) {
          if (isCurrent()) take(uri, entry, document, result);
        },
        abandon() {
          if (!isCurrent()) return;
          delete entry.round;
          show(uri);
        },
      };
    },
    wait(uri) {
      entryOf(uri).round ??= { done: 0, total: 0, partial: nothing };
      show(uri);
    },
    abandon(uri) {
      const entry = entries.get(uri);
      if (entry === undefined) return;
      delete entry.round;
      show(uri);
    },
    fail(uri, scoreError) {
      const entry = entryOf(uri);
      delete entry.round;
      const tracked = entry.known?.tracked ?? nothing;
      entry.known = { result: failedResult(scoreError), tracked };
      show(uri);
    },
    snapshot(uri) {
      const known = entries.get(uri)?.known;
      return known === undefined ? null : withFindings(known.result, present(uri, known.tracked));
    },
    shown: (uri) => all(uri).filter(({ shown }) => shown),
    changed(uri) {
      if (!entries.has(uri)) return;
      changedUris.add(uri);
      cancelRepublish ??= clock.after(republishMs, republish);
    },
    refresh() {
      for (const uri of entries.keys()) show(uri);
    },
    dismiss(uri, fingerprint) {
      addDismissed(uri, [fingerprint]);
      show(uri);
    },
    restoreDismissed() {
      dismissed.clear();
      for (const uri of entries.keys()) show(uri);
    },
    close,
    clear,
    clearAll() {
      for (const uri of [...entries.keys()]) clear(uri);
    },
    move(from, to) {
      const known = entries.get(from)?.known;
      addDismissed(to, dismissed.get(from) ?? []);
      clear(from);
      if (known === undefined || entries.get(to)?.known !== undefined) return;
      entryOf(to).known = known;
      if (documentOf(to) !== undefined) show(to);
    },
    dispose() {
      cancelRepublish?.();
    },
  };
}

/** What comments in the text keep away, at once when one is written. */
function suppressionsIn({ text, languageId }: BoardDocument): Suppressions | undefined {
  if (!text.includes("starcoder-ignore-")) return undefined;
  return readSuppressions(linesOf(text), languageId);
}

/** A result with these findings in place of its own, and what is recommended about them. */
function withFindings(result: ReviewResult, findings: readonly ReviewFinding[]): ReviewResult {
  return { ...result, findings: [...findings], recommendations: recommend(findings) };
}

function stateOf(uri: string, { known, round }: Entry, findings: readonly ReviewFinding[]) {
  const shown = findings.filter((finding) => finding.shown).length;
  const counts = { shown, hidden: findings.length - shown };
  const result = known?.result;
  const said: Pick<ReviewState, "score" | "scoreError" | "skipped"> = {
    ...(result?.score === undefined ? {} : { score: result.score }),
    ...(result?.scoreError === undefined ? {} : { scoreError: result.scoreError }),
    ...(result?.skipped === undefined ? {} : { skipped: result.skipped }),
  };
  const base = { uri, ...counts, done: round?.done ?? 0, total: round?.total ?? 0 };
  if (round !== undefined) {
    const { score } = said;
    return { ...base, state: "reviewing", ...(score === undefined ? {} : { score }) } as const;
  }
  if (result === undefined) return { ...base, state: "cleared" } as const;
  if (result.scoreError !== undefined) return { ...base, ...said, state: "failed" } as const;
  return { ...base, ...said, state: result.score === undefined ? "skipped" : "done" } as const;
}

/** A review that came to nothing, and why. */
export function failedResult(scoreError: CodedErrorData): ReviewResult {
  return {
    scoreError,
    findings: [],
    recommendations: [],
    reviewedLines: 0,
    unreviewedChunks: 0,
    tokensUsed: 0,
    durationMs: 0,
  };
}
