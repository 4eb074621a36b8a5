import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { Product } from "../compose/compose.ts";
import { healthRequest } from "../protocol/health.ts";
import { statsRequest } from "../protocol/stats.ts";
import type { Status } from "../protocol/status.ts";
import type { OpenDocument } from "./documents.ts";

export interface TroubleshootingOptions {
  readonly connection: Pick<Connection, "onRequest">;
  readonly product: Pick<Product, "readHealth" | "stats">;
  readonly documents: Pick<TextDocuments<OpenDocument>, "onDidClose" | "onDidOpen">;
  readonly status: () => Status;
}

/** Counts what is done for this client, and answers what is asked about the service itself. */
export function serveTroubleshooting(options: TroubleshootingOptions): void {
  const { connection, product, documents, status } = options;
  const { stats } = product;
  stats.begin();
  const forget = ({ document: { uri } }: { readonly document: OpenDocument }) => stats.closed(uri);
  documents.onDidClose(forget);
  // An answer that came after the close may have been remembered, by a version that begins anew.
  documents.onDidOpen(forget);
  connection.onRequest(healthRequest.method, () => product.readHealth(status()));
  connection.onRequest(statsRequest.method, () => stats.read());
}
