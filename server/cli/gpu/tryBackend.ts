import { join } from "node:path";
import { compose, type Product } from "../../compose/compose.ts";
import { createHostProcesses } from "../../engine/local/hostProcess.ts";
import type { PackTrial } from "../../packs/installPack.ts";
import type { Backend } from "../../protocol/host.ts";
import { defaultSettings } from "../../protocol/settings.ts";
import { endHosts } from "../../repair/endHosts.ts";
import { modelReady } from "../modelReady.ts";
import { trySuggestion } from "../trySuggestion.ts";
import { localBackend } from "../../engine/localBackend.ts";

/** The trial's host ends by itself after so many seconds, should this process be killed. */
const idleSeconds = 10;

/**
 * Starts a host on a backend in a home made for it, with the bundled model, has it answer a test
 * completion, and ends it.
 * @throws CodedError why it did not answer; Interrupted where `signal` ended it
 */
export async function tryBackend(
  { productRoot, clock }: Pick<Product, "productRoot" | "clock">,
  homePath: string,
  backend: Backend,
  signal: AbortSignal,
): Promise<PackTrial> {
  const product = compose({
    clientName: "GPU trial",
    logName: `cli-${process.pid}`,
    settings: { ...defaultSettings, backend, "host.idleTimeout": idleSeconds },
    ...{ productRoot, clock, homePath },
  });
  try {
    const startedAt = clock.now();
    const { used, fallbackReason } = localBackend((await modelReady(product, signal)).backend);
    const readyAt = clock.now();
    const text = await trySuggestion(product, signal);
    return {
      ...{ backend: used, text },
      ...(fallbackReason === undefined ? {} : { fallbackReason }),
      loadMs: Math.round(readyAt - startedAt),
      completionMs: Math.round(clock.now() - readyAt),
    };
  } finally {
    product.dispose();
    await endHosts(homePath, createHostProcesses(join(productRoot, "dist", "host.mjs")));
  }
}
