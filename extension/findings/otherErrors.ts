import * as vscode from "vscode";

/** The places at which another tool than StarCoder reports an error. */
export function otherErrorsOf(uri: vscode.Uri): vscode.Range[] {
  return vscode.languages
    .getDiagnostics(uri)
    .filter(
      ({ severity, source }) =>
        severity === vscode.DiagnosticSeverity.Error && source !== "StarCoder",
    )
    .map(({ range }) => range);
}
