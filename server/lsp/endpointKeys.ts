import type { Connection } from "vscode-languageserver/node";
import type { Product } from "../compose/compose.ts";
import { endpointKeysNotification, endpointKeysSchema } from "../protocol/endpoints.ts";

/** Takes the keys of remote engines that the editor keeps; they are held in memory only. */
export function serveEndpointKeys(
  connection: Pick<Connection, "onNotification">,
  product: Pick<Product, "setEndpointKeys">,
): void {
  connection.onNotification(endpointKeysNotification.method, (raw: unknown) => {
    const params = endpointKeysSchema.safeParse(raw);
    if (params.success) product.setEndpointKeys(params.data.keys);
  });
}
