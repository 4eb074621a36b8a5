import type { CodedError } from "../../../protocol/errors.ts";
import type { PromptPart } from "../../../protocol/host.ts";
import type { Clock } from "../../clock.ts";
import type { ChatEngine, Engine } from "../../engine.ts";
import type { HedgeBudget } from "./hedgeBudget.ts";
import type { Member } from "./member.ts";

/** Who is asked of one request, one after the other. */
export interface Choice {
  /** The next one, after a failure; undefined where there is none left. */
  next(): Member | undefined;
  /** One that was not asked yet. */
  another(): Member | undefined;
  /** The local model, once, where it is there and can read the prompt. */
  fallback(): (Engine & ChatEngine) | undefined;
  /** Why nobody did it. */
  failure(last: CodedError | undefined): CodedError;
}

/** What requests need to find their way. */
export interface Routing {
  readonly clock: Clock;
  readonly budget: HedgeBudget;
  /** Milliseconds after which the next token is late, and after which it is not waited for. */
  limitMs(): number;
  mostMs(): number;
  /** @param prompt what the model must be able to read, where it is made for one model */
  choose(affinity: string, prompt?: readonly PromptPart[]): Choice;
  /** A first token came after so many milliseconds. */
  tookFirst(member: Member, ms: number): void;
  /** It was late, and another one, asked later, was not. */
  wasSlow(member: Member): void;
  /** It is late: it is asked whether it is well. */
  suspect(member: Member): void;
  /** Told of members that do not answer at all; returns what ends the subscription. */
  onGone(listener: (member: Member, error: CodedError) => void): () => void;
}
