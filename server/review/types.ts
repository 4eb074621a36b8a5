import type { CodedError } from "../protocol/errors.ts";
import type { TextChange, Usage } from "../protocol/host.ts";
import type {
  ReviewFinding,
  ReviewResult,
  RuleDeclaration,
  RuleId,
  Severity,
} from "../protocol/review.ts";

/** What code is to do, where that is known; shown to models that follow instructions. */
export interface ReviewPurpose {
  readonly task: string;
  readonly requirements: readonly string[];
  /** Code of tests that it is to pass. */
  readonly tests?: string;
}

/** A document as it was when the review began. Line breaks as in the editor. */
export interface ReviewDocument {
  readonly uri: string;
  /** Relative to its project where it lies in one, else its name; forward slashes. */
  readonly path: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
  readonly purpose?: ReviewPurpose;
}

/** Lines `[start, end)`, counted from 0. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** A piece of a document that is reviewed at once: whole lines. Offsets are the document's. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
  /** Changed or chosen places inside: findings are made on these lines only. */
  readonly lines: readonly LineRange[];
  /** The name of the function or member, or empty. */
  readonly name: string;
  /** What the model is shown before it: imports, declarations that it names. Whole lines, or empty. */
  readonly context: string;
}

/** What a reviewer of chunks found, before suppression; offsets are the document's. */
export interface Finding {
  readonly rule: RuleId;
  readonly origin: "likelihood" | "comment";
  /** What it is about, where that is not its rule's category. */
  readonly category?: RuleDeclaration["category"];
  readonly start: number;
  readonly end: number;
  readonly message: string;
  /** One or two sentences for the hover: why this is believed. */
  readonly why: string;
  /** Probability that it is right: by the calibration curve; for comments by agreement and odds. */
  readonly confidence: number;
  /** Nats in favour of the alternative; absent for comments without a replacement. */
  readonly odds?: number;
  readonly severity: Severity;
  /** The fix, ascending; empty where there is none. */
  readonly changes: readonly TextChange[];
  readonly related: readonly {
    readonly start: number;
    readonly end: number;
    readonly message: string;
  }[];
  readonly tags: readonly "unnecessary"[];
  /** Sure enough to be drawn; the others are kept for the list of low-confidence findings. */
  readonly shown: boolean;
}

/** What looking at one chunk came to. */
export type ChunkOutcome =
  | {
      readonly kind: "done";
      /** At most one for a place; the likeliest. */
      readonly findings: readonly Finding[];
      /** Absent where the model was not asked. */
      readonly usage: Usage | undefined;
    }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly error: CodedError };

/** Looks at one chunk. Implemented by `likelihood` and by `comments`. */
export interface ChunkReviewer {
  /** `onFinding` is told of each finding as soon as it is likely; the outcome holds those that stay. */
  review(
    document: ReviewDocument,
    chunk: Chunk,
    onFinding: (finding: Finding) => void,
    signal: AbortSignal,
  ): Promise<ChunkOutcome>;
}

export interface ReviewRequest {
  readonly document: ReviewDocument;
  /** All of it, what changed since the last review (or HEAD, or the snapshot), or these lines. */
  readonly scope: "file" | "changed" | LineRange;
  readonly trigger: "save" | "command";
  /** For `changed`: compare with this git revision instead. */
  readonly since?: string;
  readonly requestId: string;
}

/** Where a review stands; findings are complete and in their final form, more may follow. */
export interface ReviewProgress {
  readonly done: number;
  readonly total: number;
  readonly findings: readonly ReviewFinding[];
}

export type ReviewOutcome =
  | { readonly kind: "done"; readonly result: ReviewResult }
  /** By its signal, or because a newer review of the same document began. */
  | { readonly kind: "cancelled" };

/** Reviews documents. One review of a document at a time: the newest wins. */
export interface Reviewer {
  /** Never rejects: what could not be done is said by `scoreError` and `skipped`. */
  review(
    request: ReviewRequest,
    onProgress: (progress: ReviewProgress) => void,
    signal: AbortSignal,
  ): Promise<ReviewOutcome>;
  /** Remembers a document as it is before anything was changed, where no git tells. */
  opened(document: ReviewDocument): void;
  /** Keeps a finding away from now on, across restarts and line moves. */
  dismiss(uri: string, fingerprint: string): Promise<void>;
  restoreDismissed(): Promise<void>;
  /** Lets go of what is kept in memory of a document; `renamed` carries it over. */
  closed(uri: string): void;
  renamed(from: string, to: string): void;
  dispose(): void;
}
