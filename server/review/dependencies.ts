import type { Clock } from "../engine/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { Readiness } from "../engine/whenReady.ts";
import type { CodedError } from "../protocol/errors.ts";
import type { ModelDescription, Usage } from "../protocol/host.ts";
import type { RuleId } from "../protocol/review.ts";
import type { Syntax } from "../syntax/syntaxService.ts";
import type { GitText } from "../workspace/git.ts";
import type { LineHash } from "./lines.ts";
import type { Chunk, ChunkReviewer, LineRange, ReviewDocument } from "./types.ts";

/** What is kept on disk of a reviewed document: hashes, never text. */
export interface Snapshot {
  /** By line; 0 for lines that must be looked at again. */
  readonly lines: readonly LineHash[];
  /** Lines that were ever looked at. */
  readonly looked: readonly LineRange[];
  readonly score?: number | undefined;
}

export interface SnapshotStore {
  read(uri: string): Snapshot | undefined;
  write(uri: string, snapshot: { lines: number[]; looked: LineRange[]; score?: number }): void;
  rename(from: string, to: string): void;
}

/** Dismissed findings, by file name: a file that moves to another folder keeps its own. */
export interface DismissalStore {
  of(fileName: string): ReadonlySet<string>;
  add(fileName: string, fingerprints: readonly string[]): Promise<void>;
  clear(): Promise<void>;
}

/** The settings that a review asks for. */
export interface ReviewSettings {
  readonly isReviewed: (languageId: string) => boolean;
  readonly isOn: (rule: RuleId) => boolean;
  /** Seconds of the model's time. */
  readonly maxSeconds: number;
  /** Tells apart all settings that change what is found in a chunk. */
  readonly key: string;
}

export type ModelScore =
  | { readonly kind: "done"; readonly score: number; readonly usage: Usage }
  /** It has no opinion: the findings' score stands. */
  | { readonly kind: "undecided"; readonly usage: Usage }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: CodedError };

export interface ReviewerDependencies {
  readonly engine: Pick<Engine, "state">;
  /** Waits for the model, at most so many milliseconds, and starts it where it is not running. */
  readonly whenReady: (
    atMostMs: number,
    reason: "background" | "explicit",
    signal: AbortSignal,
  ) => Promise<Readiness>;
  readonly clock: Clock;
  readonly syntax: Pick<Syntax, "read" | "load">;
  /** Those that have something to say with a model; each looks at every chunk, in this order. */
  readonly chunkReviewers: (
    model: ModelDescription,
    requestId: string,
    uri: string,
  ) => readonly ChunkReviewer[];
  /** How an instruction-tuned model scores code; undefined for any other model. */
  readonly scoreByModel?: (
    model: ModelDescription,
    requestId: string,
    uri: string,
  ) =>
    | ((
        document: ReviewDocument,
        chunks: readonly Chunk[],
        signal: AbortSignal,
      ) => Promise<ModelScore>)
    | undefined;
  /** The calibration curve in use for a model. */
  readonly curveOf?: (
    model: ModelDescription,
  ) => { readonly name: string; readonly own: boolean } | undefined;
  /** Text of a document at a git revision, HEAD by default. */
  readonly committed: (uri: string, revision?: string) => Promise<GitText>;
  readonly snapshots: SnapshotStore;
  readonly dismissals: DismissalStore;
  readonly isIgnored: (uri: string) => boolean;
  readonly isSecret: (path: string) => boolean;
  readonly settings: () => ReviewSettings;
  /** Never given source text. */
  readonly log: {
    event(
      name: string,
      fields: Readonly<Record<string, string | number | boolean | undefined>>,
    ): void;
  };
}
