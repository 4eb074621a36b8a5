import type { ErrorAction } from "./errors.ts";

/** One command of the editor, declared once: package.json and the README come from it. */
export interface CommandDeclaration {
  readonly title: string;
  /** What it does, one sentence, for the README. */
  readonly description: string;
  /** When it can run, as the editor's `enablement` expression; absent: always. */
  readonly enablement?: string;
  /** Codicon of its button where it stands in a title or beside a row. */
  readonly icon?: string;
  /** Default key, as the editor writes it, and where it applies. */
  readonly key?: { readonly key: string; readonly mac?: string; readonly when: string };
}

/** Shown before every title in the command palette. */
export const commandCategory = "StarCoder";

function command(
  title: string,
  description: string,
  traits: Omit<CommandDeclaration, "title" | "description"> = {},
): CommandDeclaration {
  return { title, description, ...traits };
}

/** Every command, by id. All of them work while the server is down. */
export const commandDeclarations = {
  "starcoder.toggle": command(
    "Turn Suggestions On or Off",
    "Switches `starcoder.enabled` for you.",
  ),
  "starcoder.toggleLanguage": command(
    "Turn Suggestions On or Off for This Language",
    "Switches the language of the active editor in `starcoder.languages`.",
    { enablement: "editorIsOpen" },
  ),
  "starcoder.snooze": command(
    "Snooze Suggestions",
    "Makes no suggestions for a while, or ends the pause.",
  ),
  "starcoder.trigger": command(
    "Trigger a Suggestion",
    "Asks for a suggestion at the cursor and shows the best there is.",
    {
      enablement: "editorIsOpen",
      key: {
        key: "alt+\\",
        when: "editorTextFocus && !editorReadonly && !inlineSuggestionVisible",
      },
    },
  ),
  "starcoder.reviewFile": command("Review This File", "Reviews all of the active file.", {
    enablement: "editorIsOpen",
    icon: "play",
  }),
  "starcoder.reviewChanges": command(
    "Review Changes",
    "Reviews what changed in the active file since its last review or the last commit.",
    { enablement: "editorIsOpen" },
  ),
  "starcoder.reviewSelection": command(
    "Review Selection",
    "Reviews the selected lines of the active file.",
    { enablement: "editorIsOpen" },
  ),
  "starcoder.showLowConfidence": command(
    "Show Low-Confidence Findings",
    "Lists findings that are not sure enough to be drawn.",
    { enablement: "editorIsOpen" },
  ),
  "starcoder.clearReview": command("Clear Findings", "Removes all findings of reviews.", {
    icon: "clear-all",
  }),
  "starcoder.restoreDismissed": command(
    "Show Dismissed Findings Again",
    "Forgets which findings were dismissed.",
  ),
  "starcoder.toggleReviewOnSave": command(
    "Turn Review on Save On or Off",
    "Switches `starcoder.review.mode` between `save` and `command`.",
  ),
  "starcoder.generateCode": command(
    "Generate Code…",
    "Writes code for a task in words, reviews and revises it, and shows it as a diff before anything changes.",
  ),
  "starcoder.reviseSelection": command(
    "Revise Selection…",
    "Reviews the selected code and changes it as you say; the result is a diff to apply or discard.",
    { enablement: "editorIsOpen" },
  ),
  "starcoder.showResults": command(
    "Show Generated Results",
    "Lists what was generated and revised, newest first, and opens one of them again.",
    { icon: "history" },
  ),
  "starcoder.setEndpointKey": command(
    "Set the Key of a Remote Engine",
    "Keeps the key of an entry of `starcoder.remote.endpoints` in the editor's secret storage.",
  ),
  "starcoder.showApi": command(
    "Loopback API",
    "Shows whether the API for scripts is served and where; turns it on or off, copies or rotates its key.",
  ),
  "starcoder.checkHealth": command(
    "Check Health",
    "Opens a live view of the services, the model, memory, speed and statistics.",
  ),
  "starcoder.doctor": command(
    "Diagnose",
    "Checks everything a suggestion depends on, and says what to do about what is wrong.",
  ),
  "starcoder.explain": command(
    "Why No Suggestion Here?",
    "Shows what became of a request at the cursor, step by step, with the prompt and its tokens.",
    { enablement: "editorIsOpen" },
  ),
  "starcoder.showLogs": command(
    "Show Logs",
    "Opens the log viewer: all services by time, with filters, live.",
  ),
  "starcoder.analyzeLogs": command(
    "Analyze Logs",
    "Shows errors by frequency, latencies, slow requests and known patterns in the logs.",
  ),
  "starcoder.showLog": command("Show Log Output", "Opens the editor's output of the extension."),
  "starcoder.restart": command(
    "Restart Service",
    "Restarts the model host, or the language server if that is what stopped.",
  ),
  "starcoder.restartServer": command(
    "Restart Language Server",
    "Restarts the language server of this window; documents and unsaved edits stay.",
  ),
  "starcoder.restartAll": command(
    "Restart Everything",
    "Restarts model host and language server; other windows connect again by themselves.",
  ),
  "starcoder.rebuild": command(
    "Rebuild",
    "Installs the native library anew, verifies the model files and clears caches.",
  ),
  "starcoder.backup": command(
    "Back Up",
    "Saves settings, dismissed findings, statistics and results in one file.",
  ),
  "starcoder.restore": command("Restore", "Restores what Back Up saved."),
  "starcoder.reset": command(
    "Reset to Clean State",
    "Deletes what StarCoder Local has written, after naming it; models stay unless told otherwise.",
  ),
  "starcoder.startDebugMode": command(
    "Start Debug Mode",
    "Logs everything, traces requests and offers inspector ports until it is ended.",
    { enablement: "!starcoder.debugMode" },
  ),
  "starcoder.endDebugMode": command("End Debug Mode", "Ends debug mode.", {
    enablement: "starcoder.debugMode",
  }),
  "starcoder.reportIssue": command(
    "Report Issue",
    "Writes a report without secrets, shows it, and hands it to the issue reporter when you say so.",
  ),
  "starcoder.enableInlineSuggest": command(
    "Turn On the Editor's Inline Suggestions",
    "Sets `editor.inlineSuggest.enabled`.",
  ),
  "starcoder.showMenu": command(
    "Show Status Menu",
    "Shows the state, the model and what can be done; the same as clicking the status item.",
  ),
  "starcoder.openSettings": command("Open Settings", "Opens the settings of StarCoder Local."),
  "starcoder.openModelDocs": command(
    "How to Use a Larger Model",
    "Opens the walkthrough at the model that suits this machine.",
  ),
  "starcoder.chooseModel": command(
    "Choose Model",
    "Shows what suits this machine, what is on it and what can be downloaded; switches without a reload.",
  ),
  "starcoder.chooseModelFile": command(
    "Choose a Model File",
    "Picks a GGUF file, tries it, and uses it.",
  ),
  "starcoder.manageModels": command(
    "Manage Models",
    "Lists the models on this machine with what they take on the disk; verifies and removes them.",
  ),
  "starcoder.showDownloads": command(
    "Show Downloads",
    "Shows downloads of models with rate and time left; pauses, resumes and cancels them.",
  ),
  "starcoder.setHubToken": command(
    "Set Access Token of the Model Hub",
    "Keeps a token for models that are given out on request in the editor's secret storage, or forgets it.",
  ),
  "starcoder.installGpuSupport": command(
    "Install GPU Support",
    "Fetches the native library for the GPU of this machine and tries it before it is used.",
  ),
  "starcoder.useBundledModel": command(
    "Use the Bundled Model",
    "Clears `starcoder.model.path`, so that the bundled starter model is used.",
  ),
} as const satisfies Record<string, CommandDeclaration>;

/** Commands of a finding's row in the review view; without the row they do nothing. */
export const findingCommandDeclarations = {
  "starcoder.review.applyFix": command("Apply the Fix", "Applies the fix of a finding.", {
    icon: "lightbulb-autofix",
  }),
  "starcoder.review.dismissFinding": command("Dismiss", "Never shows this finding again.", {
    icon: "close",
  }),
  "starcoder.review.explainRule": command("Explain the Rule", "Opens the page of the rule.", {
    icon: "book",
  }),
} as const satisfies Record<string, CommandDeclaration>;

export type FindingCommandId = keyof typeof findingCommandDeclarations;

/** A command's id, such as `starcoder.restart`. */
export type CommandId = keyof typeof commandDeclarations;

/** Every id, in table order. */
export const commandIds = Object.keys(commandDeclarations) as readonly CommandId[];

/** The command behind each button of an error, and what the button says; some are the editor's own. */
export const errorActionCommands: Readonly<
  Record<
    ErrorAction,
    { readonly command: CommandId | EditorCommandId; readonly label: string; readonly cli?: string }
  >
> = {
  restart: { command: "starcoder.restart", label: "Restart", cli: "starcoder restart host" },
  restartServer: {
    command: "starcoder.restartServer",
    label: "Restart Server",
    cli: "starcoder restart server",
  },
  rebuild: { command: "starcoder.rebuild", label: "Rebuild", cli: "starcoder rebuild" },
  reset: { command: "starcoder.reset", label: "Reset", cli: "starcoder reset" },
  showLog: { command: "starcoder.showLogs", label: "Show Logs", cli: "starcoder logs" },
  openSettings: { command: "starcoder.openSettings", label: "Open Settings" },
  useBundledModel: { command: "starcoder.useBundledModel", label: "Use Bundled Model" },
  doctor: { command: "starcoder.doctor", label: "Diagnose", cli: "starcoder doctor" },
  health: { command: "starcoder.checkHealth", label: "Check Health", cli: "starcoder stats" },
  explain: { command: "starcoder.explain", label: "Explain" },
  report: { command: "starcoder.reportIssue", label: "Report Issue", cli: "starcoder report" },
  enableInlineSuggest: { command: "starcoder.enableInlineSuggest", label: "Turn On" },
  manageTrust: { command: "workbench.trust.manage", label: "Manage Trust" },
  showExtensions: { command: "workbench.view.extensions", label: "Show Extensions" },
  chooseModel: {
    command: "starcoder.chooseModel",
    label: "Choose Model",
    cli: "starcoder models list --all",
  },
  setHubToken: { command: "starcoder.setHubToken", label: "Enter Token" },
  installGpuSupport: {
    command: "starcoder.installGpuSupport",
    label: "Install GPU Support",
    cli: "starcoder gpu install",
  },
};

/** Commands of the editor that remedies run. */
export type EditorCommandId = "workbench.trust.manage" | "workbench.view.extensions";
