import { processRuns } from "../state/processStart.ts";
import { createKeyCheck, openApiKey } from "../state/apiKey.ts";
import { apiAddress, apiLockPath, readApiRun, removeApiRun, writeApiRun } from "../state/apiRun.ts";
import { openHome } from "../state/home.ts";
import { takeHold } from "../state/soleHolder.ts";
import { createRequestIds } from "../logs/requestIds.ts";
import type { Logger } from "../logs/logger.ts";
import type { Stats } from "../protocol/stats.ts";
import { createApiServer } from "./apiServer.ts";
import { apiLimits } from "./limits.ts";
import type { ApiProduct } from "./types.ts";

export interface ServeOptions {
  readonly product: ApiProduct & { readonly logger: Logger };
  readonly homePath: string;
  readonly port: number;
  readonly readStats: () => Stats;
  /** Another process took over, since this one stood still for too long. */
  readonly onLost: () => void;
}

export type Serving =
  | { readonly kind: "serving"; readonly address: string; close(): Promise<void> }
  /** Another process of this home serves. */
  | { readonly kind: "held" };

/**
 * Serves the API of a home, unless another process does. Makes the key where there is none.
 * Rejects with `PORT_IN_USE`, `API_KEY_INVALID`, or where the home cannot be written.
 */
export async function serveApi(options: ServeOptions): Promise<Serving> {
  const { product, port } = options;
  const { path: homePath } = openHome(options.homePath);
  const holder = readApiRun(homePath);
  const hold = await takeHold(apiLockPath(homePath), {
    abandoned: holder !== undefined && !processRuns(holder.pid),
    onLost: options.onLost,
  });
  if (hold === undefined) return { kind: "held" };
  const ids = createRequestIds("a");
  const log = product.logger.for("server");
  const server = createApiServer({
    ...{ product, log, limits: apiLimits, clock: product.clock },
    isKey: createKeyCheck(homePath),
    readStats: options.readStats,
    nextRequestId: () => ids.next(),
    nextWorkflowId: () => ids.nextWorkflow(),
    now: () => new Date(),
  });
  try {
    openApiKey(homePath);
    await server.listen(port);
    const startedAt = new Date().toISOString();
    writeApiRun(homePath, { pid: process.pid, port, version: product.version, startedAt });
  } catch (thrown) {
    await server.close();
    await hold.release();
    throw thrown;
  }
  const address = apiAddress(port);
  log.info("the API is served", { address });
  product.engine.start("background");
  return {
    kind: "serving",
    address,
    async close() {
      removeApiRun(homePath, process.pid);
      await server.close();
      await hold.release();
    },
  };
}
