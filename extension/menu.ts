import type { CommandId } from "../server/protocol/commands.ts";
import { isLanguageEnabled, type Settings } from "../server/protocol/settings.ts";
import type { StatusView } from "./statusView.ts";

/** A row of the menu behind the status item. */
export type MenuEntry =
  | { readonly kind: "separator"; readonly label: string }
  | {
      readonly kind: "command";
      /** Codicon name. */
      readonly icon: string;
      readonly label: string;
      readonly description?: string;
      readonly command: CommandId;
    };

export interface MenuInput {
  readonly status: StatusView;
  readonly settings: Settings;
  readonly languageId: string | undefined;
  readonly snoozeMinutes: number;
  /** The name of the model in use. */
  readonly model: string | undefined;
  /** It is the bundled starter, and no setting names another. */
  readonly starter: boolean;
  /** Downloads of models that run. */
  readonly downloads: number;
  /** Why a GPU that is there is not used, if so. */
  readonly gpuProblem: string | undefined;
  /** Remote engines, where they are used: how many of how many are up. */
  readonly endpoints?: { readonly up: number; readonly total: number } | undefined;
  /** How the review of the active file stands, in one line. */
  readonly review: string | undefined;
}

/** The menu: what is likeliest wanted first, remedies on top when something is wrong. */
export function menuOf(input: MenuInput): MenuEntry[] {
  const broken = input.status.kind === "error";
  return [
    ...(broken ? [separator("Service"), ...serviceEntries(true)] : []),
    separator("Suggestions"),
    ...suggestionEntries(input),
    separator("Review"),
    ...reviewEntries(input),
    separator("Model"),
    ...modelEntries(input),
    ...(broken ? [] : [separator("Service"), ...serviceEntries(false)]),
    command("settings-gear", "Open settings", "starcoder.openSettings"),
  ];
}

function suggestionEntries({ settings, languageId, snoozeMinutes }: MenuInput): MenuEntry[] {
  if (!settings.enabled) {
    return [command("play", "Turn suggestions on", "starcoder.toggle")];
  }
  const languageOn = languageId === undefined || isLanguageEnabled(settings, languageId);
  return [
    ...(languageId !== undefined && languageOn
      ? [command("sparkle", "Trigger a suggestion", "starcoder.trigger")]
      : []),
    ...(languageId === undefined
      ? []
      : [
          command(
            languageOn ? "circle-slash" : "play",
            `Turn suggestions ${languageOn ? "off" : "on"} for ${languageId}`,
            "starcoder.toggleLanguage",
          ),
        ]),
    snoozeMinutes > 0
      ? command("bell", "End or change the pause", "starcoder.snooze", `${snoozeMinutes} min left`)
      : command("bell-slash", "Snooze suggestions…", "starcoder.snooze"),
    command("circle-slash", "Turn suggestions off", "starcoder.toggle"),
  ];
}

function reviewEntries({ settings, languageId, review }: MenuInput): MenuEntry[] {
  const mode = settings["review.mode"];
  return [
    ...(languageId === undefined || mode === "off"
      ? []
      : [
          command("checklist", "Review this file", "starcoder.reviewFile", review),
          command("question", "Show low-confidence findings", "starcoder.showLowConfidence"),
        ]),
    mode === "save"
      ? command("circle-slash", "Stop reviewing on save", "starcoder.toggleReviewOnSave")
      : command("save", "Review on save", "starcoder.toggleReviewOnSave"),
  ];
}

function modelEntries(input: MenuInput): MenuEntry[] {
  const { model, starter, downloads, gpuProblem, endpoints } = input;
  if (endpoints !== undefined) {
    const { up, total } = endpoints;
    return [
      command("server", "Remote engines", "starcoder.checkHealth", `${up} of ${total} up`),
      command("key", "Set the key of a remote engine…", "starcoder.setEndpointKey"),
    ];
  }
  return [
    command("chip", "Choose model…", "starcoder.chooseModel", model && `now ${model}`),
    ...(downloads === 0
      ? []
      : [
          command(
            "cloud-download",
            "Downloads",
            "starcoder.showDownloads",
            downloads === 1 ? "one runs" : `${String(downloads)} run`,
          ),
        ]),
    command("database", "Manage models…", "starcoder.manageModels"),
    ...(gpuProblem === undefined
      ? []
      : [command("zap", "Install GPU support…", "starcoder.installGpuSupport", gpuProblem)]),
    ...(starter ? [] : [command("discard", "Use the bundled model", "starcoder.useBundledModel")]),
  ];
}

/** What repairs comes first when something is wrong, what explains otherwise. */
function serviceEntries(broken: boolean): MenuEntry[] {
  const restart = command("debug-restart", "Restart the service", "starcoder.restart");
  const diagnose = command("checklist", "Diagnose", "starcoder.doctor");
  const health = command("pulse", "Check health", "starcoder.checkHealth");
  const logs = command("output", "Show logs", "starcoder.showLogs");
  const report = command("report", "Report an issue", "starcoder.reportIssue");
  const explain = command("question", "Why no suggestion here?", "starcoder.explain");
  return broken
    ? [restart, diagnose, health, logs, report]
    : [explain, health, diagnose, logs, restart, report];
}

function separator(label: string): MenuEntry {
  return { kind: "separator", label };
}

function command(icon: string, label: string, id: CommandId, description?: string): MenuEntry {
  return {
    kind: "command",
    icon,
    label,
    ...(description === undefined ? {} : { description }),
    command: id,
  };
}
