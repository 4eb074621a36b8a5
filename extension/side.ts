import type { EditorFacts } from "../server/protocol/editorFacts.ts";

const byRemoteName: Readonly<Record<string, EditorFacts["side"]>> = {
  "ssh-remote": "ssh",
  wsl: "wsl",
  "dev-container": "container",
  "attached-container": "container",
  "k8s-container": "container",
  codespaces: "codespaces",
  "code-server": "server",
};

/** Where an extension runs, by what the editor says of its window. */
export function sideOf(window: {
  /** `vscode.env.remoteName`. */
  readonly remoteName: string | undefined;
  /** Whether the extension runs beside the editor's own windows even so. */
  readonly beside: boolean;
  readonly inBrowser: boolean;
}): EditorFacts["side"] {
  const { remoteName, beside, inBrowser } = window;
  if (remoteName !== undefined && !beside) {
    const known = byRemoteName[remoteName];
    if (known !== undefined) return known;
    // A server shown in a browser calls itself by its address.
    return inBrowser || remoteName.includes(":") ? "server" : "other";
  }
  return inBrowser ? "server" : "local";
}
