import * as vscode from "vscode";
import type { Command } from "./command.ts";

export const toggleLanguage: Command = {
  unavailable: () =>
    vscode.window.activeTextEditor === undefined
      ? "Open a file first: suggestions are turned on or off for its language."
      : undefined,
  async run({ settings }) {
    const languageId = vscode.window.activeTextEditor?.document.languageId;
    if (languageId === undefined) {
      return;
    }
    const { languages } = settings.current;
    const isOn = languages[languageId] ?? languages["*"] ?? true;
    await settings.write("languages", { ...languages, [languageId]: !isOn });
  },
};
