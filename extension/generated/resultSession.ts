import { z } from "zod";
import { CodedError } from "../../server/protocol/errors.ts";
import type { HunkState, PlaceView, ResultView } from "../../server/protocol/resultView.ts";
import type { KeptWorkflow } from "../../server/protocol/workflow.ts";
import { findPlace, findPlaceByOneSide, leastChange } from "./findPlace.ts";
import { hunksBetween, linesOf, withHunks, type Hunk } from "./hunks.ts";
import { findingView, fittedCode, originalOf, roundView, withLineFeeds } from "./resultText.ts";

/** The document that a result is for. Line breaks of its texts are line feeds. */
export interface PlaceDocument {
  /** Path as people know it. */
  readonly name: string;
  /** Undefined: it is not there. */
  read(): Promise<string | undefined>;
  /** Replaces `[start, end)` of the text that was read last; false: it could not be changed. */
  replace(start: number, end: number, text: string): Promise<boolean>;
  offsetOf(text: string, position: { readonly line: number; readonly character: number }): number;
}

/** What was decided about a result, so that it can be gone on with. */
export const decisionSchema = z.object({
  /** Text that the changes are relative to. */
  base: z.string(),
  /** Index of the version. */
  version: z.number().int().min(0),
  applied: z.array(z.number().int()),
  discarded: z.array(z.number().int()),
});
export type Decision = z.infer<typeof decisionSchema>;

/**
 * One result as it is shown and decided about. What is asked of it is done in turn: each begins when
 * the one before it has ended, so that none is decided on what another is about to change.
 */
export interface ResultSession {
  readonly view: ResultView;
  readonly decision: Decision;
  /** The code of the version that is shown. */
  readonly code: string;
  /** What stands at the place, and what would with all changes. */
  readonly compared: { readonly before: string; readonly after: string };
  /** Offsets of the place in the document; undefined where it is not found. */
  readonly found: { readonly start: number; readonly end: number } | undefined;
  /** Looks for the place anew: the document was changed, or another was opened. */
  refresh(): Promise<void>;
  /** Rejects with `VALIDATION_ERROR` where the place is not as it was; nothing is changed then. */
  apply(indices: readonly number[]): Promise<void>;
  takeBack(indices: readonly number[]): Promise<void>;
  discard(indices: readonly number[]): Promise<void>;
  showVersion(index: number): Promise<void>;
}

interface State extends Decision {
  readonly hunks: readonly Hunk[];
  /** What stands at the place, with the changes that are applied. */
  readonly text: string;
}

/** @param document undefined: the result was asked for as a new file */
export function createResultSession(
  kept: KeptWorkflow,
  document: PlaceDocument | undefined,
  remembered?: Decision,
): ResultSession {
  const { result } = kept;
  const around = {
    before: withLineFeeds(kept.around?.before ?? ""),
    after: withLineFeeds(kept.around?.after ?? ""),
  };
  const first = { base: originalOf(kept), version: result.best, applied: [], discarded: [] };
  let state = stateOf(isUsable(remembered) ? remembered : first);
  /** Earlier states: an undo in the editor leads back to one. */
  const earlier: State[] = [stateOf(first)];
  let place: PlaceView = { kind: document === undefined ? "file" : "found" };
  let found: { start: number; end: number } | undefined;
  let lastOffset = -1;
  /** Settled when all that was asked for is done. */
  let done: Promise<unknown> = Promise.resolve();

  function inTurn(act: () => Promise<void> | void): Promise<void> {
    const turn = done.then(act);
    done = turn.catch(() => undefined);
    return turn;
  }

  function isUsable(decision: Decision | undefined): decision is Decision {
    return decision !== undefined && decision.version < result.rounds.length;
  }

  function stateOf(decision: Decision): State {
    const hunks = hunksBetween(decision.base, fittedCode(kept, codeOf(decision.version)));
    const text = withHunks(decision.base, hunks, (index) => decision.applied.includes(index));
    return { ...decision, hunks, text };
  }

  function codeOf(version: number): string {
    return result.rounds[version]?.code ?? result.code;
  }

  function enter(decision: Decision): void {
    const next = stateOf(decision);
    if (next.text !== state.text) earlier.push(state);
    state = next;
  }

  async function locate(): Promise<void> {
    if (document === undefined) return;
    const { name } = document;
    const text = await document.read();
    found = undefined;
    if (text === undefined) {
      place = { kind: "gone", name };
      return;
    }
    if (lastOffset < 0 && kept.range !== undefined) {
      lastOffset = document.offsetOf(text, kept.range.start);
    }
    const candidates = [state, ...[...earlier].reverse()];
    for (const find of [findPlace, findPlaceByOneSide]) {
      for (const candidate of candidates) {
        const at = find(text, { ...around, text: candidate.text, offset: lastOffset });
        if (at === undefined) continue;
        if (candidate.text !== state.text) {
          earlier.push(state);
          state = candidate;
        }
        lastOffset = at;
        found = { start: at, end: at + candidate.text.length };
        place = { kind: "found", name, line: text.slice(0, at).split("\n").length };
        return;
      }
    }
    place = { kind: "changed", name };
  }

  async function put(decision: Decision): Promise<void> {
    await locate();
    if (document === undefined || found === undefined) {
      throw new CodedError("VALIDATION_ERROR", reasonOf(place));
    }
    const next = stateOf(decision);
    const { start, end, text } = leastChange(state.text, next.text);
    if (!(await document.replace(found.start + start, found.start + end, text))) {
      const why = `${document.name} could not be changed: it may be read-only.`;
      throw new CodedError("VALIDATION_ERROR", why);
    }
    enter(decision);
    found = { start: found.start, end: found.start + state.text.length };
  }

  const without = (from: readonly number[], indices: readonly number[]) =>
    from.filter((each) => !indices.includes(each));
  const only = (indices: readonly number[]) =>
    [...new Set(indices)].filter((index) => state.hunks[index] !== undefined);

  return {
    get view() {
      const round = result.rounds[state.version];
      const firstLine = place.line ?? 1;
      const codeLine = firstLine + (kept.lead ?? "").split("\n").length - 1;
      const score = round?.score;
      const scoreError = round?.scoreError;
      const { requestId, createdAt, task, language, model, end, error } = result;
      return {
        ...{ requestId, createdAt, task, language, model, end, place },
        code: codeOf(state.version),
        ...(score === undefined ? {} : { score }),
        ...(scoreError === undefined ? {} : { scoreError }),
        ...(error === undefined ? {} : { error }),
        ...{ tokensUsed: result.tokensUsed, workflowTime: result.workflowTime },
        hunks: state.hunks.map((_, index) => ({
          index,
          state: hunkStateOf(state, index),
          lines: drawn(state, index, firstLine, around.before),
        })),
        findings: (round?.findings ?? []).map((finding) => findingView(finding, codeLine)),
        recommendations: state.version === result.best ? result.recommendations : [],
        rounds: result.rounds.map(roundView),
        ...{ shown: state.version, best: result.best },
      };
    },
    get decision() {
      const { base, version, applied, discarded } = state;
      return { base, version, applied, discarded };
    },
    get code() {
      return codeOf(state.version);
    },
    get compared() {
      return { before: state.text, after: withHunks(state.base, state.hunks, () => true) };
    },
    get found() {
      return found;
    },
    refresh: () => inTurn(locate),
    apply: (indices) =>
      inTurn(() => {
        const added = only(indices);
        const applied = [...without(state.applied, added), ...added];
        return put({ ...state, applied, discarded: without(state.discarded, added) });
      }),
    takeBack: (indices) =>
      inTurn(() => {
        const { applied } = state;
        const discarded = without(state.discarded, indices);
        if (indices.some((index) => applied.includes(index))) {
          return put({ ...state, applied: without(applied, indices), discarded });
        }
        enter({ ...state, discarded });
      }),
    discard: (indices) =>
      inTurn(() => {
        const added = without(only(indices), state.applied);
        enter({ ...state, discarded: [...without(state.discarded, added), ...added] });
      }),
    showVersion: (index) =>
      inTurn(() => {
        if (result.rounds[index] === undefined || index === state.version) return;
        // What is applied stays: the other version is compared with the text as it is now.
        enter({ base: state.text, version: index, applied: [], discarded: [] });
      }),
  };
}

function hunkStateOf({ applied, discarded }: Decision, index: number): HunkState {
  return applied.includes(index) ? "applied" : discarded.includes(index) ? "discarded" : "open";
}

/** The first line is drawn with what stands before the place in it. */
function drawn({ base, hunks }: State, index: number, firstLine: number, before: string) {
  const start = before.slice(before.lastIndexOf("\n") + 1);
  return linesOf(base, hunks, index, firstLine)
    .filter(({ kind, text }) => base !== "" || kind !== "removed" || text !== "")
    .map((line) => {
      const isFirst = (line.old ?? line.new) === firstLine;
      return isFirst ? { ...line, text: start + line.text } : line;
    });
}

function reasonOf({ kind, name = "The document" }: PlaceView): string {
  return kind === "gone"
    ? `${name} is not there any more.`
    : `The text at the place in ${name} was changed meanwhile.`;
}
