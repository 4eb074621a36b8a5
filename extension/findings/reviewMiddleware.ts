import type * as vscode from "vscode";
import type { Middleware } from "vscode-languageclient/node";
import type { DiagnosticsFilter } from "./diagnosticsFilter.ts";

/**
 * Leaves out diagnostics, hovers and quick fixes of findings that another tool's error covers.
 * `onPublished` is told that the findings of a document moved or went.
 */
export function createReviewMiddleware(
  filter: DiagnosticsFilter<vscode.Uri, vscode.Diagnostic>,
  onPublished: (uri: vscode.Uri) => void,
): Pick<Middleware, "handleDiagnostics" | "provideHover" | "provideCodeActions"> {
  return {
    handleDiagnostics(uri, diagnostics, next) {
      filter.handle(uri, diagnostics, next);
      onPublished(uri);
    },
    async provideHover(document, position, token, next) {
      const hover = await next(document, position, token);
      return hover?.range !== undefined && filter.isCovered(document.uri, hover.range)
        ? undefined
        : hover;
    },
    async provideCodeActions(document, range, context, token, next) {
      const actions = await next(document, range, context, token);
      return actions?.filter((action) => {
        const about = "diagnostics" in action ? (action.diagnostics ?? []) : [];
        return (
          about.length === 0 || !about.every(({ range: at }) => filter.isCovered(document.uri, at))
        );
      });
    },
  };
}
