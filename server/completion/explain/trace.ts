import type { CodedError } from "../../protocol/errors.ts";
import type { ModelDescription, Usage } from "../../protocol/host.ts";
import type { ShownToken } from "../dependencies.ts";
import type { DraftEnd } from "../draft.ts";
import type { Family } from "../prompt/families.ts";
import type { PreparedPrompt } from "../prompt/prompter.ts";
import type { Judged } from "../show/gate.ts";
import type { Purpose } from "../stop/purpose.ts";
import type { CompletionDocument, CompletionResult, CompletionSettings } from "../types.ts";

/** What happens to a request on its way, told to whoever asked for it. Holds source text. */
export type TraceEvent =
  | {
      readonly kind: "document";
      readonly document: CompletionDocument;
      readonly refused: "excluded" | "tooLarge" | "off" | undefined;
    }
  | {
      readonly kind: "position";
      /** Undefined: there is no grammar, or parsing took too long. */
      readonly place: "code" | "comment" | "string" | undefined;
      readonly hasGrammar: boolean;
      /** Between two characters of a word. */
      readonly midWord: boolean;
      readonly offset: number;
    }
  | { readonly kind: "notReady"; readonly state: string; readonly error: CodedError | undefined }
  | {
      readonly kind: "model";
      readonly model: ModelDescription;
      /** Undefined: it cannot fill in the middle. */
      readonly family: Family | undefined;
    }
  | { readonly kind: "binary" }
  | { readonly kind: "comment"; readonly setting: CompletionSettings["comments"] }
  | { readonly kind: "purpose"; readonly purpose: Purpose }
  | {
      readonly kind: "cache";
      readonly found: "hit" | "miss" | "off";
      /** Characters of the remembered text that were typed since. */
      readonly consumed: number;
    }
  | { readonly kind: "joined"; readonly joined: boolean }
  | {
      readonly kind: "prompt";
      readonly prepared: PreparedPrompt;
      readonly family: Family;
      /** False: what it would have been; the model was not asked. */
      readonly used: boolean;
      readonly speed: {
        readonly prefill: number | undefined;
        readonly decode: number | undefined;
      };
    }
  | {
      readonly kind: "generated";
      readonly text: string;
      readonly tokens: readonly ShownToken[];
      readonly ended: DraftEnd | undefined;
      /** Cut to what was asked for, where a block was written and a line is wanted. */
      readonly wanted: string;
    }
  | {
      readonly kind: "filter";
      readonly name: string;
      readonly before: string;
      readonly after: string;
    }
  | ({ readonly kind: "gate" } & Judged)
  | { readonly kind: "waited"; readonly until: "departed" | "deadline" | "cancelled" }
  | {
      readonly kind: "result";
      readonly result: CompletionResult;
      /** Whether the model was asked, now or for an earlier key. */
      readonly asked: boolean;
      /** Absent also where the engine did not tell in time. */
      readonly usage: Usage | undefined;
      readonly totalMs: number;
    };

/** Takes the events of one request, in order. Must not throw. */
export type Trace = (event: TraceEvent) => void;

/** An event and when it happened, in milliseconds since the request began. */
export interface Traced {
  readonly event: TraceEvent;
  readonly atMs: number;
}

/** Collects the events of a request. */
export function createTrace(clock: { now(): number }): {
  readonly trace: Trace;
  readonly events: readonly Traced[];
} {
  const startedAt = clock.now();
  const events: Traced[] = [];
  return {
    events,
    trace: (event) => void events.push({ event, atMs: clock.now() - startedAt }),
  };
}

/** The last event of a kind. */
export function findLast<Kind extends TraceEvent["kind"]>(
  traced: readonly Traced[],
  kind: Kind,
): Extract<TraceEvent, { kind: Kind }> | undefined {
  return traced.map(({ event }) => event).findLast((event) => event.kind === kind) as
    Extract<TraceEvent, { kind: Kind }> | undefined;
}
