import * as vscode from "vscode";

export const resultScheme = "starcoder-result";

/** Texts of results as read-only documents, for the editor's own comparison. */
export interface ResultDocuments {
  /** Opens the editor's comparison of two texts. */
  compare(options: {
    readonly requestId: string;
    /** Path that names the language to the editor. */
    readonly path: string;
    readonly before: string;
    readonly after: string;
    readonly title: string;
  }): Promise<void>;
  dispose(): void;
}

/** Texts that are remembered while their tabs may be open. */
const mostTexts = 40;

export function createResultDocuments(): ResultDocuments {
  const texts = new Map<string, string>();
  let count = 0;
  const registration = vscode.workspace.registerTextDocumentContentProvider(resultScheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "This text is gone.",
  });

  function add(path: string, query: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: resultScheme, path: `/${path}`, query });
    texts.set(uri.toString(), text);
    for (const old of [...texts.keys()].slice(0, -mostTexts)) texts.delete(old);
    return uri;
  }

  return {
    async compare({ requestId, path, before, after, title }) {
      count += 1;
      const name = path.replace(/^\/+/, "");
      const left = add(name, `${requestId} before ${count}`, before);
      const right = add(name, `${requestId} after ${count}`, after);
      // The view stands beside: a diff needs the width of the file's own column.
      const where = { viewColumn: vscode.ViewColumn.One } satisfies vscode.TextDocumentShowOptions;
      await vscode.commands.executeCommand("vscode.diff", left, right, title, where);
    },
    dispose() {
      registration.dispose();
    },
  };
}
