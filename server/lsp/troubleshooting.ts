import type { Connection } from "vscode-languageserver/node";
import type { Product } from "../compose/compose.ts";
import { healthRequest } from "../protocol/health.ts";
import type { Status } from "../protocol/status.ts";

export interface TroubleshootingOptions {
  readonly connection: Pick<Connection, "onRequest">;
  readonly product: Pick<Product, "readHealth">;
  readonly status: () => Status;
}

/** Answers what the health view and scripts ask about the service itself. */
export function serveTroubleshooting({
  connection,
  product,
  status,
}: TroubleshootingOptions): void {
  connection.onRequest(healthRequest.method, () => product.readHealth(status()));
}
