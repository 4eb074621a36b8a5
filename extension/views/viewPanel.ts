import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { toCodedError } from "../../server/protocol/errors.ts";
import {
  viewRequestSchema,
  type ViewEvent,
  type ViewResponse,
} from "../../server/protocol/webview.ts";

export interface ViewPanelOptions {
  readonly extensionUri: vscode.Uri;
  /** Name of the bundle in `dist/views`, and of the view type after `starcoder.`. */
  readonly name: "health" | "logs" | "result";
  readonly title: string;
  /** Where it opens; in the active column where it does not say. */
  readonly column?: vscode.ViewColumn;
  /** What the view's bundle starts with, as JSON. */
  readonly initial: unknown;
  /** Answers a request of the view; what it throws is told with its code. */
  readonly answer: (method: string, params: unknown) => unknown;
  readonly onDispose: () => void;
}

/** A view in an editor tab: one bundle, strict content security policy, requests and events. */
export interface ViewPanel {
  send(name: string, data: unknown): void;
  reveal(): void;
  readonly visible: boolean;
  onVisible(listener: (visible: boolean) => void): vscode.Disposable;
  dispose(): void;
}

export function createViewPanel(options: ViewPanelOptions): ViewPanel {
  const { extensionUri, name } = options;
  const views = vscode.Uri.joinPath(extensionUri, "dist", "views");
  const panel = vscode.window.createWebviewPanel(
    `starcoder.${name}`,
    options.title,
    options.column ?? vscode.ViewColumn.Active,
    { enableScripts: true, localResourceRoots: [views], retainContextWhenHidden: true },
  );
  panel.iconPath = vscode.Uri.joinPath(extensionUri, "media", "icon.svg");
  panel.webview.html = pageOf(panel.webview, views, options);

  function post(message: ViewEvent | ViewResponse): void {
    // A view that is gone needs no answer.
    void panel.webview.postMessage(message);
  }

  panel.webview.onDidReceiveMessage(async (raw: unknown) => {
    const request = viewRequestSchema.safeParse(raw);
    if (!request.success) return;
    const { id, method, params } = request.data;
    try {
      post({ kind: "response", id, result: await options.answer(method, params) });
    } catch (thrown) {
      const { code, message, remedy } = toCodedError(thrown).toData();
      post({ kind: "response", id, error: { code, message, remedy } });
    }
  });
  panel.onDidDispose(options.onDispose);
  return {
    send(eventName, data) {
      post({ kind: "event", name: eventName, data });
    },
    reveal() {
      panel.reveal();
    },
    get visible() {
      return panel.visible;
    },
    onVisible: (listener) =>
      panel.onDidChangeViewState(() => {
        listener(panel.visible);
      }),
    dispose() {
      panel.dispose();
    },
  };
}

function pageOf(webview: vscode.Webview, views: vscode.Uri, options: ViewPanelOptions): string {
  const nonce = randomBytes(16).toString("base64url");
  const of = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(views, file)).toString();
  const policy = [
    "default-src 'none'",
    // uPlot and the virtual list place elements by their style attribute.
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  // A closing tag inside the data must not end its element.
  const initial = JSON.stringify(options.initial ?? null).replaceAll("<", "\\u003c");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${of(`${options.name}.css`)}">
<title>${options.title}</title>
</head>
<body>
<div id="root"></div>
<script type="application/json" id="initial">${initial}</script>
<script type="module" nonce="${nonce}" src="${of(`${options.name}.js`)}"></script>
</body>
</html>`;
}
