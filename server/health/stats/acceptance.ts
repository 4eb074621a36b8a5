import type { Clock } from "../../engine/clock.ts";
import { lengthOf, moveStretches, type Stretch } from "./acceptedText.ts";
import { trimEdit, withPlainBreaks, type DocumentEdits, type KnownEdit } from "./edits.ts";
import { bear, follow, type Followed, type ShownSuggestion } from "./shownSuggestion.ts";

/** When accepted text is looked at again. */
export type JudgedAfter = "30s" | "5min";

export interface AcceptanceOptions {
  readonly clock: Clock;
  /** A suggestion was accepted, for the first time; its further parts are told by `onCharacters`. */
  readonly onAccepted: (how: "whole" | "part") => void;
  /** So many characters of a suggestion were accepted instead of typed. */
  readonly onCharacters: (count: number) => void;
  /** Of an accepted text at least four fifths are still there, or are not. */
  readonly onJudged: (after: JudgedAfter, kept: boolean) => void;
}

/**
 * Tells from edits what became of suggestions, since editors do not say. An edit of more than one
 * character that makes what stands at a suggestion's place a longer beginning of it, or the whole of
 * it, accepts it. Not so single characters, which are typed, nor what editors insert while one
 * types: line breaks with indentation, and pairs of brackets or quotes.
 */
export interface Acceptance {
  shown(suggestion: ShownSuggestion): void;
  edited(edits: DocumentEdits): void;
  /** What was accepted in it and not judged yet never is. */
  closed(uri: string): void;
  dispose(): void;
}

const judgedAfterMs: Readonly<Record<JudgedAfter, number>> = { "30s": 30_000, "5min": 300_000 };
const keptShare = 0.8;
/** An editor shows one at a time, and some that were made before while one types along them. */
const mostFollowed = 6;
const followedForMs = 120_000;
/** Suggestions that are told of a little later than the edits that came after them. */
const mostRemembered = 8;
/** Looking closer at larger edits would take time that a keystroke does not have. */
const longestEdit = 100_000;
const mostAccepted = 200;

/** What was accepted of one suggestion, wherever it was moved. */
interface Accepted {
  stretches: readonly Stretch[];
  total: number;
  readonly forget: () => void;
}

interface Candidate extends Followed {
  readonly shownAt: number;
  accepted: Accepted | undefined;
  /** How much of its text stood there when it was last accepted. */
  reached: number;
}

interface OpenDocument {
  version: number;
  candidates: Candidate[];
  readonly accepted: Set<Accepted>;
  recent: DocumentEdits[];
}

export function createAcceptance(options: AcceptanceOptions): Acceptance {
  const { clock, onAccepted, onCharacters, onJudged } = options;
  const documents = new Map<string, OpenDocument>();

  function documentOf(uri: string, version: number): OpenDocument {
    let document = documents.get(uri);
    if (document === undefined) {
      document = { version, candidates: [], accepted: new Set(), recent: [] };
      documents.set(uri, document);
    }
    return document;
  }

  function accept(document: OpenDocument): Accepted {
    const cancels = Object.entries(judgedAfterMs).map(([after, ms]) =>
      clock.after(ms, () => {
        const alive = Math.min(accepted.total, lengthOf(accepted.stretches));
        onJudged(after as JudgedAfter, alive >= keptShare * accepted.total);
        if (after === "5min") document.accepted.delete(accepted);
      }),
    );
    const accepted: Accepted = {
      stretches: [],
      total: 0,
      forget() {
        for (const cancel of cancels) cancel();
        document.accepted.delete(accepted);
      },
    };
    document.accepted.add(accepted);
    const [oldest] = document.accepted;
    if (document.accepted.size > mostAccepted) oldest?.forget();
    return accepted;
  }

  function apply(
    document: OpenDocument,
    candidates: readonly Candidate[],
    edit: KnownEdit,
    moved: ReadonlySet<Accepted>,
  ): Candidate[] {
    for (const accepted of document.accepted) {
      if (!moved.has(accepted)) accepted.stretches = moveStretches(accepted.stretches, edit);
    }
    const longer: Candidate[] = [];
    const left = candidates.filter((candidate) => {
      const bearing = bear(candidate, edit);
      if (typeof bearing === "number" && bearing > 0) longer.push(candidate);
      return bearing !== "apart";
    });
    if (longer.length > 0 && isAccepting(edit.inserted)) count(document, longer, edit);
    return left;
  }

  /** One edit accepts one suggestion, whatever others say the same: one that it goes on with, if any. */
  function count(document: OpenDocument, longer: readonly Candidate[], edit: KnownEdit): void {
    const isWhole = ({ written, text }: Candidate) => written === text.length;
    const chosen =
      longer.find(({ accepted }) => accepted !== undefined) ??
      longer.findLast(isWhole) ??
      longer.at(-1);
    if (chosen === undefined) return;
    if (chosen.accepted === undefined) onAccepted(isWhole(chosen) ? "whole" : "part");
    const accepted = chosen.accepted ?? accept(document);
    const { start, inserted } = edit;
    // Done again after it was undone, it is neither accepted nor saved twice.
    if (chosen.written > chosen.reached) {
      accepted.total += inserted.length;
      onCharacters(withPlainBreaks(inserted).length);
    }
    accepted.stretches = [...accepted.stretches, { start, end: start + inserted.length }];
    for (const candidate of longer) {
      candidate.accepted ??= accepted;
      candidate.reached = Math.max(candidate.reached, candidate.written);
    }
  }

  /** @param moved accepted texts that these edits have moved already */
  function applyAll(
    document: OpenDocument,
    candidates: Candidate[],
    { edits }: DocumentEdits,
    moved: ReadonlySet<Accepted> = new Set(),
  ): Candidate[] {
    let left = candidates;
    for (const { start, removed = "", inserted } of edits) {
      left = apply(document, left, trimEdit({ start, removed, inserted }), moved);
    }
    return left;
  }

  function forget(document: OpenDocument): void {
    for (const accepted of [...document.accepted]) accepted.forget();
    document.candidates = [];
    document.recent = [];
  }

  return {
    shown(suggestion) {
      const document = documentOf(suggestion.uri, suggestion.version);
      const followed = follow(suggestion);
      if (followed === undefined) return;
      const shownAt = clock.now();
      let own: Candidate[] = [{ ...followed, shownAt, accepted: undefined, reached: 0 }];
      if (suggestion.version !== document.version) {
        const first = document.recent.findIndex(({ from }) => from === suggestion.version);
        if (first < 0) return;
        const moved = new Set(document.accepted);
        for (const edits of document.recent.slice(first)) {
          own = applyAll(document, own, edits, moved);
        }
      }
      const lives = ({ shownAt: at }: Candidate) => at > shownAt - followedForMs;
      document.candidates = [...document.candidates.filter(lives), ...own].slice(-mostFollowed);
    },
    edited(edits) {
      const document = documentOf(edits.uri, edits.from);
      document.version = edits.to;
      if (edits.edits.some(isTooLarge)) {
        forget(document);
        return;
      }
      document.recent = [...document.recent.slice(1 - mostRemembered), edits];
      document.candidates = applyAll(document, document.candidates, edits);
    },
    closed(uri) {
      const document = documents.get(uri);
      if (document !== undefined) forget(document);
      documents.delete(uri);
    },
    dispose() {
      for (const document of documents.values()) forget(document);
      documents.clear();
    },
  };
}

function isTooLarge({ removed, inserted }: DocumentEdits["edits"][number]): boolean {
  return removed === undefined || removed.length > longestEdit || inserted.length > longestEdit;
}

/** Whether somebody who types one character could not have made this. */
function isAccepting(inserted: string): boolean {
  if (withPlainBreaks(inserted).length <= 1 || inserted.trim() === "") return false;
  return !/^(\(\)|\[\]|\{\}|<>|""|''|``)$/.test(inserted);
}
