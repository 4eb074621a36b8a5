import { URI } from "vscode-uri";

/** Absolute path of a document's file; undefined where it has none. */
export function fileOf(uri: string): string | undefined {
  return uri.startsWith("file:") ? URI.parse(uri).fsPath : undefined;
}
