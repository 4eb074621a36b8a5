import * as vscode from "vscode";

/** What the manifest's `when` clauses may ask. */
export interface ContextKeys {
  /** `on`, or why automatic suggestions are off here. */
  "starcoder.suggestions": "on" | "disabled" | "language" | "snoozed";
  /** A suggestion was shown in this window; completes the walkthrough's first step. */
  "starcoder.suggested": boolean;
  /** Everything is logged until it is ended. */
  "starcoder.debugMode": boolean;
  /** Id of the model that suits this machine: its step of the walkthrough is shown. */
  "starcoder.recommended": string;
  /** The bundled starter runs, or a model that was chosen; completes the walkthrough's step. */
  "starcoder.model": "none" | "starter" | "own";
  /** What the review view has to show of the active file. */
  "starcoder.review": "noFile" | "none" | "rows";
}

/** Sets a context key when its value changes; the editor is not told the same twice. */
export function createContextKeys(): <Key extends keyof ContextKeys>(
  key: Key,
  value: ContextKeys[Key],
) => void {
  const current = new Map<keyof ContextKeys, unknown>();
  return (key, value) => {
    if (current.get(key) !== value) {
      current.set(key, value);
      void vscode.commands.executeCommand("setContext", key, value);
    }
  };
}
