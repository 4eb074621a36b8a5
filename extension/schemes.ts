/**
 * Documents that are shown but not written by the user; suggestions there would be noise, and an
 * output channel that shows this extension's own log would feed on itself.
 */
const unserved: ReadonlySet<string> = new Set([
  "output",
  "log",
  "git",
  "gitlens",
  "debug",
  "vscode",
  "vscode-scm",
  "vscode-terminal",
  "vscode-chat-code-block",
  "vscode-chat-editor",
  "comment",
  "search-editor",
  "walkThrough",
  "walkThroughSnippet",
  "markdown-preview",
  "extension",
  "webview-panel",
  "starcoder-explain",
  "starcoder-result",
]);

/** Whether documents of a URI scheme are sent to the server; unknown ones are (virtual folders). */
export function isServedScheme(scheme: string): boolean {
  return !unserved.has(scheme);
}
