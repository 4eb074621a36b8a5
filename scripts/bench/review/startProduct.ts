import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compose, type Product } from "../../../server/compose/compose.ts";
import { createHostProcesses } from "../../../server/engine/local/hostProcess.ts";
import type { ModelDescription } from "../../../server/protocol/host.ts";
import { defaultSettings, type Settings } from "../../../server/protocol/settings.ts";

export interface RunningProduct {
  readonly product: Product;
  readonly model: ModelDescription;
  readonly backend: string;
  stop(): Promise<void>;
}

/** The product as composed for a server, on a model, in a home of its own. @throws without a model. */
export async function startProduct(
  modelPath: string,
  own: Partial<Settings> = {},
): Promise<RunningProduct> {
  const homePath = await mkdtemp(join(tmpdir(), "starcoder-bench-"));
  const product = compose({
    clientName: "bench",
    logName: "bench",
    homePath,
    settings: {
      ...defaultSettings,
      "model.path": modelPath,
      "host.idleTimeout": 20,
      "review.maxSeconds": 600,
      ...own,
    },
  });
  const { engine } = product;
  const stop = async (): Promise<void> => {
    const health = await engine.health();
    product.dispose();
    if (health.kind === "done") await createHostProcesses("").end(health.value.pid);
    await rm(homePath, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  await product.syntax.load("typescript");
  // The product's timers never keep a process alive; waiting for the model must.
  const alive = setInterval(() => undefined, 1000);
  try {
    const ready = await new Promise<Extract<typeof engine.state, { kind: "ready" }>>(
      (resolve, reject) => {
        engine.onState((state) => {
          if (state.kind === "ready") resolve(state);
          if (state.kind === "failed") reject(state.error);
        });
        engine.start("explicit");
      },
    );
    return { product, model: ready.model, backend: ready.backend.used, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearInterval(alive);
  }
}
