import type { Product } from "../compose/compose.ts";
import type { Status } from "../protocol/editor.ts";
import type { Health } from "../protocol/health.ts";
import { CodedError } from "../protocol/errors.ts";

/** A snapshot of server and host; never rejects: a host that does not answer is named as such. */
export async function readHealth(product: Product, status: Status): Promise<Health> {
  const outcome = await product.engine.health();
  const server = {
    version: product.version,
    pid: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    residentBytes: process.memoryUsage.rss(),
  };
  if (outcome.kind === "done") return { server, status, host: outcome.value };
  const error =
    outcome.kind === "failed" ? outcome.error : new CodedError("MODEL_UNAVAILABLE", "Cancelled.");
  return { server, status, hostError: error.toData() };
}
