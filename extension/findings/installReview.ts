import * as vscode from "vscode";
import type { ReviewState } from "../../server/protocol/review.ts";
import type { FindingCommandId } from "../../server/protocol/commands.ts";
import { followActiveFile } from "../activeFile.ts";
import type { ClientRun } from "../client.ts";
import type { SettingsStore } from "../settings.ts";
import type { Supervisor } from "../supervise.ts";
import { createReviewView, openFindingCommand, placeOfRow } from "../views/reviewView.ts";
import { reviewRows } from "../views/reviewTree.ts";
import { createDiagnosticsFilter } from "./diagnosticsFilter.ts";
import { createFindingActions, toRange, type PlacedFinding } from "./findingActions.ts";
import { otherErrorsOf } from "./otherErrors.ts";
import { createReviewClient } from "./reviewClient.ts";
import { viewReviewStatus, type ReviewStatusView } from "./reviewStatus.ts";
import { createReviewStatusItem } from "./reviewStatusItem.ts";
import { createReviewMiddleware } from "./reviewMiddleware.ts";
import { registerTurnRuleOff } from "./turnRuleOff.ts";

export interface ReviewOptions {
  readonly supervisor: Supervisor<ClientRun>;
  readonly settings: SettingsStore;
  readonly log: vscode.LogOutputChannel;
  readonly extensionUri: vscode.Uri;
  /** For the view's welcome texts. */
  readonly setContext: (key: "starcoder.review", value: "none" | "noFile" | "rows") => void;
}

/** All of the editor's side of reviews: view, status item, filter and the commands of findings. */
export function installReview(options: ReviewOptions) {
  const { supervisor, settings, log, extensionUri, setContext } = options;
  const client = createReviewClient({ connection: () => supervisor.running, log });
  const actions = createFindingActions({
    review: client,
    serverState: () => supervisor.state,
    extensionUri,
  });
  const filter = createDiagnosticsFilter<vscode.Uri, vscode.Diagnostic>({
    errorsOf: otherErrorsOf,
  });
  const view = createReviewView();
  const item = createReviewStatusItem();

  const active = followActiveFile();
  const isActive = (uri: string) => uri === active.uri?.toString();

  /** Where the review of the document stands, less the findings that are left to another tool. */
  function visibleState(uri: vscode.Uri): ReviewState | undefined {
    const state = client.stateOf(uri.toString());
    const findings = client.resultOf(uri.toString())?.findings ?? [];
    const covered = findings.filter(
      ({ shown, range }) => shown && filter.isCovered(uri, toRange(range)),
    );
    return state && { ...state, shown: Math.max(0, state.shown - covered.length) };
  }

  const status = (): ReviewStatusView | undefined =>
    active.uri === undefined ? undefined : viewReviewStatus(visibleState(active.uri));
  function draw(): void {
    item.draw(status());
    const { uri } = active;
    if (uri === undefined) {
      setContext("starcoder.review", "noFile");
      view.draw([], undefined, 0);
      return;
    }
    const state = visibleState(uri);
    const rows = reviewRows({
      uri: uri.toString(),
      state,
      result: client.resultOf(uri.toString()),
      isCovered: ({ range }) => filter.isCovered(uri, toRange(range)),
    });
    setContext("starcoder.review", rows.length === 0 ? "none" : "rows");
    view.draw(rows, uri.path.slice(uri.path.lastIndexOf("/") + 1), state?.shown ?? 0);
  }

  const onFinding = (command: FindingCommandId, act: (place: PlacedFinding) => Promise<unknown>) =>
    vscode.commands.registerCommand(command, async (row: unknown) => {
      const place = placeOfRow(row);
      await (place === undefined ? undefined : act(place));
    });
  const disposables = vscode.Disposable.from(
    active,
    view,
    item,
    registerTurnRuleOff(settings),
    vscode.commands.registerCommand(openFindingCommand, (place: PlacedFinding) =>
      actions.open(place),
    ),
    onFinding("starcoder.review.applyFix", (place) => actions.applyFix(place)),
    onFinding("starcoder.review.dismissFinding", (place) => actions.dismiss(place)),
    onFinding("starcoder.review.explainRule", (place) => actions.explainRule(place)),
    active.onChange(draw),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      filter.onDiagnosticsChanged(uris);
      if (uris.some((uri) => isActive(uri.toString()))) {
        draw();
      }
    }),
  );
  client.onChange((uri) => {
    if (isActive(uri)) {
      draw();
    }
  });
  supervisor.onState((state) => {
    if (state.kind !== "running") {
      filter.reset();
      client.reset();
    }
  });
  draw();
  return {
    client,
    actions,
    status,
    middleware: createReviewMiddleware(filter, (uri) => void client.refresh(uri.toString())),
    receive: (state: ReviewState) => {
      client.receive(state);
    },
    dispose: () => {
      disposables.dispose();
    },
  };
}
