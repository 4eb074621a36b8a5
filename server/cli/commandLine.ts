import type { Command } from "commander";
import type { Product } from "../compose/compose.ts";
import type { Settings } from "../protocol/settings.ts";
import type { CommandOutcome, Terminal } from "./outcome.ts";

/** Options that every command has. */
export interface Flags {
  readonly json?: boolean;
  readonly model?: string;
  /** Addresses of remote engines. */
  readonly endpoint?: readonly string[];
}

/** What a command is given to do its work with. */
export interface CommandLine {
  readonly terminal: Terminal;
  /** Adds a command with the options that all have. */
  add(parent: Command, usage: string, description: string): Command;
  /** Runs it with a product made for it, and leaves the exit code to the process. */
  run(
    flags: Flags,
    act: (product: Product) => Promise<CommandOutcome>,
    own?: Partial<Settings>,
  ): Promise<void>;
  /** Runs it without a product: for what must work when nothing else does. */
  runPlain(flags: Flags, act: () => Promise<CommandOutcome>): Promise<void>;
  /** Aborts at Ctrl-C; a second one ends the process. */
  untilInterrupted(): AbortSignal;
}

/** Adds one command, or a family of them, to the program. */
export type Register = (program: Command, commandLine: CommandLine) => void;
