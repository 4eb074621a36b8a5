import * as vscode from "vscode";
import { windowFocusNotification } from "../server/protocol/editor.ts";

/** Tells a server whether this window has the focus: on each change, and on `tell`. */
export interface WindowFocus {
  /** For a server that has just come. */
  tell(): void;
  dispose(): void;
}

export function watchWindowFocus(send: (method: string, params: object) => void): WindowFocus {
  let told: boolean | undefined;
  const tell = (): void => {
    const { focused } = vscode.window.state;
    told = focused;
    send(windowFocusNotification.method, { focused });
  };
  const subscription = vscode.window.onDidChangeWindowState(({ focused }) => {
    if (focused !== told) {
      tell();
    }
  });
  return {
    tell,
    dispose() {
      subscription.dispose();
    },
  };
}
