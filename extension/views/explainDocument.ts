import * as vscode from "vscode";

/** Pages that explain requests: read-only documents, shown as Markdown previews. */
export interface ExplainDocuments {
  show(title: string, markdown: string): Promise<void>;
  dispose(): void;
}

export const explainScheme = "starcoder-explain";

/** Pages that are remembered while their tabs may be open. */
const mostPages = 20;

export function createExplainDocuments(): ExplainDocuments {
  const pages = new Map<string, string>();
  const registration = vscode.workspace.registerTextDocumentContentProvider(explainScheme, {
    provideTextDocumentContent: (uri) => pages.get(uri.toString()) ?? "This page is gone.",
  });
  const names = new Set<string>();
  let count = 0;

  /** One page at a time: without this, each opens one column further to the right. */
  async function closeEarlier(): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const earlier = tabs.filter(
      ({ input, label }) =>
        input instanceof vscode.TabInputWebview &&
        input.viewType.includes("markdown.preview") &&
        [...names].some((name) => label.endsWith(name)),
    );
    await vscode.window.tabGroups.close(earlier, true);
  }

  return {
    async show(title, markdown) {
      count += 1;
      const name = `${title.replaceAll(/[\\/:*?"<>|#%]/g, "-")}.md`;
      const uri = vscode.Uri.from({
        scheme: explainScheme,
        path: `/${name}`,
        query: String(count),
      });
      await closeEarlier();
      names.add(name);
      pages.set(uri.toString(), markdown);
      for (const old of [...pages.keys()].slice(0, -mostPages)) pages.delete(old);
      try {
        await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
      } catch {
        // The editor's Markdown extension may be turned off: the text reads well, too.
        const document = await vscode.workspace.openTextDocument(uri);
        await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
      }
    },
    dispose() {
      registration.dispose();
    },
  };
}
