import type { Clock } from "../engine/clock.ts";
import type { ChatEngine, Engine } from "../engine/engine.ts";
import type { Readiness } from "../engine/whenReady.ts";
import type { Reviewer } from "../review/types.ts";
import type { Syntax } from "../syntax/syntaxService.ts";
import type { GeneratePrompts, RevisePrompts } from "./prompts.ts";

/** The settings that a workflow asks for; a task's own budget goes before. */
export interface WorkflowSettings {
  readonly rounds: number;
  readonly minScore: number;
  readonly candidates: number;
  readonly tokens: number;
  readonly seconds: number;
  readonly instruct: "auto" | "on" | "off";
}

export type WorkflowEngine = Pick<Engine, "state" | "generate" | "tokenize"> &
  Pick<ChatEngine, "ask">;

export interface WorkflowDependencies {
  readonly engine: WorkflowEngine;
  /** Starts the model where it is not running, and waits at most so many milliseconds. */
  readonly whenReady: (atMostMs: number, signal: AbortSignal) => Promise<Readiness>;
  readonly clock: Clock;
  /** The time of day. */
  readonly now: () => Date;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly syntax: Pick<Syntax, "load" | "errorCount" | "blockEnd" | "read">;
  /** Keeps nothing between reviews. */
  readonly reviewer: Pick<Reviewer, "review" | "closed">;
  /** Read anew at each call; each throws a CodedError PROMPT_INVALID for a file that is broken. */
  readonly prompts: {
    readonly generate: () => GeneratePrompts;
    readonly revise: () => RevisePrompts;
  };
  readonly settings: () => WorkflowSettings;
  /** Never given source text. */
  readonly log: {
    event(
      name: string,
      fields: Readonly<Record<string, string | number | boolean | undefined>>,
    ): void;
  };
}
