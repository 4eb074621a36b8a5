import * as vscode from "vscode";
import { CodedError } from "../../server/protocol/errors.ts";
import { resultViewRequests } from "../../server/protocol/resultView.ts";
import type { KeptWorkflow } from "../../server/protocol/workflow.ts";
import type { Clock } from "../clock.ts";
import { answerCommonRequest } from "../views/commonRequests.ts";
import { createViewPanel, type ViewPanel } from "../views/viewPanel.ts";
import { editorDocument, positionAt, showPlace } from "./editorDocument.ts";
import { createResultDocuments } from "./resultDocuments.ts";
import type { ResultMemory } from "./resultMemory.ts";
import { createResultSession, type ResultSession } from "./resultSession.ts";
import { fittedCode } from "./resultText.ts";

export interface ResultPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly memory: ResultMemory;
  readonly clock: Clock;
}

/** The view of generated results: one in the window, which shows one result at a time. */
export interface ResultPanel {
  open(kept: KeptWorkflow): Promise<void>;
  dispose(): void;
}

interface Opened {
  readonly kept: KeptWorkflow;
  readonly session: ResultSession;
}

/** An undo changes a document several times in a row. */
const settleMs = 120;

export function createResultPanel(options: ResultPanelOptions): ResultPanel {
  const { memory, clock } = options;
  const documents = createResultDocuments();
  let opened: Opened | undefined;
  let panel: ViewPanel | undefined;
  let cancelRefresh = (): void => undefined;
  /** Where an insertion goes: the view itself has the focus when its button is pressed. */
  let lastEditor = vscode.window.activeTextEditor;

  function tell(): void {
    if (opened === undefined) return;
    memory.write(opened.kept.result.requestId, opened.session.decision);
    panel?.send("result", opened.session.view);
  }

  function refreshSoon(): void {
    cancelRefresh();
    cancelRefresh = clock.after(settleMs, () => {
      void opened?.session.refresh().then(tell);
    });
  }

  const isPlace = ({ uri }: vscode.TextDocument) => uri.toString() === opened?.kept.uri;
  const watching = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (isPlace(document)) refreshSoon();
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (isPlace(document)) refreshSoon();
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (editor !== undefined) lastEditor = editor;
    }),
  );

  function create(session: ResultSession): ViewPanel {
    const created = createViewPanel({
      extensionUri: options.extensionUri,
      name: "result",
      title: "StarCoder Result",
      column: vscode.ViewColumn.Beside,
      initial: session.view,
      async answer(method, params) {
        if (opened === undefined) throw new CodedError("VALIDATION_ERROR", "No result is shown.");
        try {
          const own = await answerOwn(opened, method, params);
          const answered = own ? {} : await answerCommonRequest(method, params);
          if (answered === undefined) throw new CodedError("VALIDATION_ERROR", method);
          return answered;
        } finally {
          tell();
        }
      },
      onDispose() {
        if (panel === created) panel = undefined;
      },
    });
    created.onVisible((visible) => {
      if (visible) refreshSoon();
    });
    return created;
  }

  /** Returns whether it was a request of this view. */
  async function answerOwn(of: Opened, method: string, params: unknown): Promise<boolean> {
    const { kept, session } = of;
    const requests = resultViewRequests;
    switch (method) {
      case "show":
        return true;
      case "apply":
        await session.apply(requests.apply.parse(params).hunks);
        await show(of, true);
        return true;
      case "takeBack":
        await session.takeBack(requests.takeBack.parse(params).hunks);
        return true;
      case "discard":
        await session.discard(requests.discard.parse(params).hunks);
        return true;
      case "showVersion":
        await session.showVersion(requests.showVersion.parse(params).index);
        return true;
      case "openDiff":
        await documents.compare({
          requestId: kept.result.requestId,
          path: kept.result.path ?? "result",
          ...session.compared,
          title: `${kept.result.path ?? "New file"}: now ↔ generated`,
        });
        return true;
      case "openNew":
        await openNew(of);
        return true;
      case "insert":
        await insert(fittedCode(kept, session.code));
        return true;
      case "goTo":
        await show(of, false);
        return true;
      default:
        return false;
    }
  }

  async function insert(code: string): Promise<void> {
    const editor = vscode.window.visibleTextEditors.find(
      ({ document }) => document === lastEditor?.document,
    );
    if (editor === undefined) {
      throw new CodedError("VALIDATION_ERROR", "No file is open beside this view to insert into.");
    }
    const done = await editor.edit((edit) => {
      for (const selection of editor.selections) edit.replace(selection, code.trimEnd());
    });
    if (!done) throw new CodedError("VALIDATION_ERROR", "The editor refused the change.");
    await showPlace(editor.document.uri.toString(), editor.selection, true);
  }

  return {
    async open(kept) {
      const { requestId } = kept.result;
      const { uri, range } = kept;
      const document = uri === undefined || range === undefined ? undefined : editorDocument(uri);
      const session = createResultSession(kept, document, memory.read(requestId));
      await session.refresh();
      opened = { kept, session };
      if (panel === undefined) {
        // So that it comes beside its document, and not over it.
        await show(opened, true);
        panel = create(session);
        return;
      }
      panel.reveal();
      tell();
    },
    dispose() {
      cancelRefresh();
      watching.dispose();
      panel?.dispose();
      documents.dispose();
    },
  };
}

/** Shows where the result goes. */
async function show({ kept, session }: Opened, preserveFocus: boolean): Promise<void> {
  const { found } = session;
  const { uri } = kept;
  if (uri === undefined || kept.range === undefined) return;
  if (found === undefined) {
    await showPlace(uri, undefined, preserveFocus);
    return;
  }
  const text = (await editorDocument(uri).read()) ?? "";
  const [start, end] = [positionAt(text, found.start), positionAt(text, found.end)];
  await showPlace(uri, new vscode.Range(start, end), preserveFocus);
}

async function openNew({ kept, session }: Opened): Promise<void> {
  const content = `${session.code.trimEnd()}\n`;
  const { language } = kept.result;
  const known = await vscode.languages.getLanguages();
  const document = await vscode.workspace.openTextDocument({
    content,
    ...(known.includes(language) ? { language } : {}),
  });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
}
