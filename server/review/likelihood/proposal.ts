import type { TextChange } from "../../protocol/host.ts";
import type { RuleId } from "../../protocol/review.ts";
import type { Span } from "../../syntax/reading.ts";
import type { CodeView } from "./codeView.ts";

/** What the code around a place says for or against a change; features of the curves. */
export interface Facts {
  /** The code itself, not the model, suggests the change: the callee is declared async, both sides are equal. */
  readonly evidence?: number;
  /** The alternative is a local name that nothing uses. */
  readonly alternativeUnused?: number;
  /** The change would leave a local name that nothing uses. */
  readonly leavesUnused?: number;
  /** How often the written and the other name are used elsewhere in the function. */
  readonly writtenUses?: number;
  readonly alternativeUses?: number;
  /** The written name stands in the same statement already, and the other one does not. */
  readonly repeated?: number;
  /** Both names are of one kind: values of the function, or functions, classes and imports. */
  readonly sameKind?: number;
}

/** A minimal change that might make the code right. Offsets are the document's. */
export interface Proposal extends Span {
  readonly rule: RuleId;
  /** Ascending, not overlapping. `start` and `end` of the proposal are where a finding is drawn. */
  readonly changes: readonly TextChange[];
  /** Proposals that share it mend the same place and compete. */
  readonly site: number;
  /** Nats that tell how common such a mistake is beside others; ranks proposals before the model has spoken. */
  readonly prior: number;
  /** What stands there and what might have been meant, short, for messages. */
  readonly written: string;
  readonly alternative: string;
  readonly facts: Facts;
  /** Where the alternative is declared. */
  readonly declaredAt?: Span;
}

/** One kind of mistake: where it can have been made, and how it is spoken of. */
export interface EditKind {
  readonly rule: RuleId;
  /** Proposals on the view's reviewed lines. Never inside errors, strings and comments. */
  propose(code: CodeView): Proposal[];
  /** One sentence that names what is written and what is likelier. */
  message(proposal: Proposal, code: CodeView): string;
  readonly tags?: readonly "unnecessary"[];
}
