import * as vscode from "vscode";
import type { Command } from "./command.ts";

const choices = [
  { label: "5 minutes", minutes: 5 },
  { label: "15 minutes", minutes: 15 },
  { label: "30 minutes", minutes: 30 },
  { label: "1 hour", minutes: 60 },
  { label: "2 hours", minutes: 120 },
];

export const snooze: Command = {
  async run({ snooze: pause }) {
    const left = pause.minutesLeft();
    const end = { label: "$(bell) End the pause now", minutes: 0 };
    const picked = await vscode.window.showQuickPick(left > 0 ? [end, ...choices] : choices, {
      title: "Snooze Suggestions",
      placeHolder: left > 0 ? `Snoozed for ${left} more min` : "For how long, in this window?",
    });
    if (picked === undefined) {
      return;
    }
    if (picked.minutes === 0) {
      pause.end();
    } else {
      pause.start(picked.minutes);
    }
  },
};
